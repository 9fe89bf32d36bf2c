import { StillroomError } from '../../plugins/sdk/index.ts';

/** Lets decoding, signals and messages have their turn; calls into TensorFlow block the thread. Throws `cancelled`. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) {
    throw new StillroomError('cancelled', 'expected the run to go on to its end, found that it was cancelled', {
      hint: 'run the same command again to go on from the last whole epoch',
    });
  }
}
