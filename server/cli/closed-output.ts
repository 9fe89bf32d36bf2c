import { StillroomError } from '../../plugins/sdk/problem.ts';
import { fail } from './output.ts';

/** Whoever reads what is written may stop before its end (`stillroom nodes | head -1`); a disk may be full. */
export function mindClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE' && stream === process.stdout) {
        fail(new StillroomError('cannot-write', `expected to write to standard output, found ${code}`));
      }
      process.exit();
    });
  }
}
