import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { doErrand } from '../../../server/processes/errand.ts';

doErrand<{ what: string }, string, number>(async ({ what }, tell) => {
  switch (what) {
    case 'sum': {
      let sum = 0;
      for (let i = 1; i <= 100; i++) {
        tell(i === 50 ? 'halfway' : String(i), i === 50);
        sum += i;
      }
      return sum;
    }
    case 'refuse':
      throw new StillroomError('no-images', 'expected images, found none', {
        file: 'x',
        hint: 'look',
        problems: [
          { code: 'one', severity: 'error', message: 'one' },
          { code: 'two', severity: 'error', message: 'two' },
        ],
      });
    case 'die':
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'exit':
      process.exit(3);
      break;
    case 'break':
      throw new TypeError('broken');
  }
  return new Promise(() => setInterval(() => {}, 1000));
});
