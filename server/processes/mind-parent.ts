import { Worker } from 'node:worker_threads';

/**
 * Ends this process `grace` ms after the one that started it has gone. The thread that minds it does so even while the
 * main one is stuck in a call; what is to be done in time, the process does when it is told ('disconnect').
 */
export function mindParent(grace: number): void {
  new Worker(new URL('./parent-thread.js', import.meta.url), { workerData: { parent: process.ppid, grace }, execArgv: [] }).unref();
}
