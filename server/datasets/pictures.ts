import Tinypool from 'tinypool';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { receivedError } from '../sent-error.ts';
import type { PictureAnswer, PictureTask } from './picture-task.ts';

/** Pictures that are drawn at once: the server must stay quick while a gallery is looked at. */
const threads = 2;
const idleMs = 60_000;
/** Who asks for more at once than any gallery shows is told to wait. */
const mostWaiting = 2000;

/** Draws images and masks for browsers, on threads of its own, which end when there is nothing more to draw. */
export class Pictures {
  #pool: Tinypool | null = null;

  /** Errors: those of `readHeader` and `readMask`, `pictures-busy`. */
  async draw(task: PictureTask): Promise<Uint8Array> {
    const pool = (this.#pool ??= new Tinypool({
      filename: new URL('./picture-thread.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: idleMs,
      // What this thread was started with is not meant for these: a debugger's port, a loader.
      execArgv: [],
    }));
    if (pool.queueSize >= mostWaiting) throw new StillroomError('pictures-busy', `expected at most ${mostWaiting} pictures to be waited for, found more`, { hint: 'ask again in a moment' });
    const answer = (await pool.run(task)) as PictureAnswer;
    if ('error' in answer) throw receivedError(answer.error);
    return answer.bytes;
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = null;
  }
}
