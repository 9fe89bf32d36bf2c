import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { io, type Socket } from 'socket.io-client';
import { table } from '../server/cli/table.ts';
import { cacheDirectory } from '../server/home.ts';
import type { RunSummary } from '../server/queue/runs.ts';
import { atShare } from './at-share.ts';

/**
 * `tsx bench/responsiveness.ts`: how long the server takes to answer while runs train on all cores. The server is a process
 * of its own, as `stillroom server` starts it; this process only asks. Nothing else should be at work on the machine.
 */
const options = new Command('responsiveness')
  .argument('[graph]', 'what trains', 'graphs/shallow.json')
  .option('--runs <n>', 'runs that train at once', Number, 2)
  .option('--seconds <n>', 'how long it is asked while they train, s', Number, 60)
  .option('--rate <n>', 'requests, and round trips, a second', Number, 10)
  .option('--listed <n>', 'finished runs that the home holds besides', Number, 200)
  .parse();
const { runs, seconds, rate, listed } = options.opts<Record<'runs' | 'seconds' | 'rate' | 'listed', number>>();
/** What the slowest hundredth may take, ms. */
const bound = 50;

interface Server {
  address: string;
  token: string;
}

const home = mkdtempSync(join(tmpdir(), 'stillroom-responsiveness-'));
process.env['STILLROOM_CACHE'] = cacheDirectory();
process.env['STILLROOM_HOME'] = home;
let child: ChildProcess | undefined;
try {
  const before = loadavg()[0]!;
  for (let i = 0; i < listed; i++) writeFinishedRun(join(home, 'runs', `earlier-${i}`), i);
  child = spawn(process.execPath, [fileURLToPath(new URL('../server/cli/bin.js', import.meta.url)), 'server', '--port', '0', '--runs', String(runs), '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const server = await told(child);
  const agent = new Agent({ keepAlive: true });
  const socket = await connect(server);
  let batches = 0;
  socket.on('live', (_batch: unknown, took: () => void) => (batches++, took()));
  const list = (): Promise<string> => get(server, agent, '/runs');
  const trip = (): Promise<unknown> => socket.timeout(10_000).emitWithAck('subscribe', 'runs');
  const measured: Measured[] = [];
  const measure = async (when: string, isOver: (ms: number) => boolean): Promise<void> => {
    const lag = monitorEventLoopDelay({ resolution: 1 });
    lag.enable();
    const [requests, trips] = await Promise.all([times(list, isOver), times(trip, isOver)]);
    measured.push({ when, requests, trips, ownLag: lag.percentile(99) / 1e6 - 1 });
  };

  const dataset = await demoSet(server);
  while ((await send<{ state: string }>(server, 'GET', '/engine')).state !== 'ready') await sleep(1000);
  await sleep(2000);
  await measure('idle', (ms) => ms > 20_000);

  const document = JSON.parse(readFileSync(options.args[0] ?? 'graphs/shallow.json', 'utf8')) as object;
  const ids: string[] = [];
  for (let seed = 0; seed < runs; seed++) ids.push((await send<RunSummary>(server, 'POST', '/runs', { document, dataset, seed, epochs: 100_000, offline: true })).id);
  // As an editor does that shows them.
  for (const run of ids) for (const [event, given] of [['watch', { run }], ['subscribe', `runs/${run}`]] as const) await socket.emitWithAck(event, given);
  const now = (): Promise<RunSummary[]> => Promise.all(ids.map((id) => send<RunSummary>(server, 'GET', `/runs/${id}`)));
  let areTraining = false;
  const waiting = (async () => {
    while (!areTraining) {
      await sleep(1000);
      const states = await now();
      if (states.some(({ state }) => state === 'failed')) throw new Error(JSON.stringify(states.map(({ problem }) => problem)));
      areTraining = states.every(({ progress }) => progress?.stage === 'fit' && progress.epoch >= 1);
    }
  })();
  await Promise.all([waiting, measure('runs begin', () => areTraining)]);

  batches = 0;
  const [epochs, used] = [await now(), cpuSeconds()];
  const begun = performance.now();
  await measure(`${runs} runs train`, (ms) => ms > 1000 * seconds);
  const took = (performance.now() - begun) / 1000;
  const paces = (await now()).map(({ progress }, i) => `${((progress!.epoch - epochs[i]!.progress!.epoch) / took).toFixed(2)} epochs/s`);
  const cores = (cpuSeconds() - used) / took;

  const rows = measured.flatMap(({ when, requests, trips, ownLag }) =>
    ([['GET /api/runs', requests], ['socket.io round trip', trips]] as const).map(([what, found]) => [
      when,
      what,
      String(found.length),
      ...[0.5, 0.95, 0.99, 1].map((share) => atShare(found, share).toFixed(1)),
      ownLag.toFixed(1),
    ]),
  );
  process.stdout.write(`${availableParallelism()} cores, load before ${before.toFixed(2)}, ${listed} finished runs in the list\n`);
  process.stdout.write(`while they trained: ${paces.join(', ')}; ${cores.toFixed(2)} cores busy; ${(batches / took).toFixed(1)} batches of events a second\n\n`);
  process.stdout.write(`${table(['', 'asked', 'n', 'p50, ms', 'p95, ms', 'p99, ms', 'max, ms', "asker's own lag p99, ms"], rows, [2, 3, 4, 5, 6, 7])}\n\n`);
  const training = measured.at(-1)!;
  const slowest = Math.max(atShare(training.requests, 0.99), atShare(training.trips, 0.99));
  process.stdout.write(`p99 while ${runs} runs train: ${slowest.toFixed(1)} ms, ${slowest < bound ? 'below' : 'NOT below'} ${bound} ms\n`);
  process.exitCode = slowest < bound ? 0 : 1;
  socket.disconnect();
  agent.destroy();
} finally {
  if (child && child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(home, { recursive: true, force: true });
}

interface Measured {
  when: string;
  requests: number[];
  trips: number[];
  /** How late this process itself is, ms. */
  ownLag: number;
}

/** Asks at a steady pace, whether or not what was asked before is answered; ms that each answer takes. */
async function times(work: () => Promise<unknown>, isOver: (ms: number) => boolean): Promise<number[]> {
  const found: number[] = [];
  const asked: Promise<void>[] = [];
  const begun = performance.now();
  for (let i = 1; !isOver(performance.now() - begun); i++) {
    const at = performance.now();
    asked.push(work().then(() => void found.push(performance.now() - at)));
    await sleep(Math.max(0, begun + (i * 1000) / rate - performance.now()));
  }
  await Promise.all(asked);
  return found;
}

function get({ address, token }: Server, agent: Agent, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(`${address}/api${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part)).on('error', reject);
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    }).on('error', reject).end();
  });
}

async function send<T>({ address, token }: Server, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${address}/api${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text) as T;
}

async function connect({ address, token }: Server): Promise<Socket> {
  const socket = io(address, { transports: ['websocket'], extraHeaders: { authorization: `Bearer ${token}` } });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return socket;
}

/** What the server writes once it listens. */
async function told(child: ChildProcess): Promise<Server> {
  let text = '';
  for await (const part of child.stdout!) {
    text += String(part);
    if (!text.trimEnd().endsWith('}')) continue;
    const said = JSON.parse(text) as Server;
    if (said.address) return said;
    throw new Error(text);
  }
  throw new Error('the server ended before it listened');
}

/** Id of the generated set, of one category. */
async function demoSet(server: Server): Promise<string> {
  await send(server, 'POST', '/datasets/demo', { categories: ['textile'] });
  for (;;) {
    const { state, dataset } = await send<{ state: string; dataset?: string }>(server, 'GET', '/datasets/demo');
    if (state === 'failed') throw new Error('the demo set could not be drawn');
    if (state === 'done' && dataset !== undefined) return dataset;
    await sleep(200);
  }
}

/** What the list of runs reads of a run's folder. */
function writeFinishedRun(folder: string, seed: number): void {
  const at = new Date(Date.UTC(2026, 0, 1) + seed * 60_000).toISOString();
  const metrics = { textile: { imageAuroc: 0.9, pixelAuroc: 0.8, aupro: 0.7 } };
  const manifest = { status: 'done', started: at, ended: at, seed, graph: { name: 'Shallow model', logic: '0'.repeat(64) }, data: { sha256: '0'.repeat(64) } };
  for (const [name, content] of Object.entries({ manifest, metrics })) {
    const file = join(folder, `${name}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  }
}

/** Processor time of the whole machine since it started; NaN where the system does not tell. */
function cpuSeconds(): number {
  try {
    const [user, nice, system] = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))![1]!.split(' ').map(Number) as [number, number, number];
    return (user + nice + system) / 100;
  } catch {
    return NaN;
  }
}
