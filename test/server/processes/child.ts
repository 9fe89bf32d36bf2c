import { setTimeout } from 'node:timers/promises';
import { mindParent } from '../../../server/processes/mind-parent.ts';

mindParent(0);
// The thread needs the main one to begin.
await setTimeout(500);
process.send!('at work');
for (;;);
