import { pino } from 'pino';
import { mindParent } from '../../server/processes/mind-parent.ts';
import { serveTrial } from '../../test/support/served.ts';

/** A server to be killed, with the trial nodes of the tests. */
export interface SoakOrder {
  home: string;
  data: string;
  /** Runs at work at once. */
  concurrency: number;
  /** File that its errors are written to. */
  log: string;
}

mindParent(0);
process.on('message', ({ home, data, concurrency, log: file }: SoakOrder) => {
  const log = pino({ level: 'error' }, pino.destination({ dest: file, append: true, sync: true }));
  void serveTrial({ home, dataRoots: [data], runs: { concurrency }, log }).then(({ address, token, close }) => {
    process.send!({ address, token });
    process.on('SIGTERM', () => void close().then(() => process.exit(0)));
  });
});
