import type { Served } from '../../../server/api/serve.ts';
import { mindParent } from '../../../server/processes/mind-parent.ts';
import { serveTrial } from '../../support/served.ts';

/** A server in a process of its own, for tests that kill it. */
export interface TrialServer {
  home: string;
  data: string;
}

mindParent(0);
process.on('message', (given: TrialServer) => {
  void serveTrial({ home: given.home, dataRoots: [given.data] }).then(({ address, token, close }: Served) => {
    process.send!({ address, token, pid: process.pid });
    process.on('SIGTERM', () => void close().then(() => process.exit(0)));
  });
});
