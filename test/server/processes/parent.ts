import { forkModule } from '../../../server/processes/fork.ts';

/** A parent that tells the number of its child once that is at work. */
const { child } = forkModule(new URL('./child.ts', import.meta.url));
child.once('message', () => process.send!(child.pid));
process.on('message', () => process.exit());
