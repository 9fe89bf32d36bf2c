// Where a decoding thread begins.
import { readTypeScript } from '../processes/read-typescript.js';

await readTypeScript();
const { decodeTask } = await import('./decode-task.ts');

/** A task that is none asks whether the thread is there. */
export default (task) => (task ? decodeTask(task) : null);
