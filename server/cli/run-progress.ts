import { formatProblem } from '../../plugins/sdk/problem.ts';
import type { Emit } from '../runtime/events.ts';
import type { ProgressDrawer } from './progress.ts';

/** Draws what a run tells; `begun` is called when it has its folder and fits, so that there is something to go on with. */
export function runProgress(drawer: ProgressDrawer, begun: () => void): Emit {
  return (event) => {
    if (event.type === 'reading') {
      drawer.show({ title: 'Looking at images', done: event.done, total: event.total, unit: 'files' });
      return;
    }
    const { category } = event;
    switch (event.type) {
      case 'category': {
        const { index, total, train, validation, test } = event;
        if (index === 1) begun();
        drawer.note(`${category} (${index} of ${total}): ${train} images train, ${validation} validate, ${test} test`);
        break;
      }
      case 'features':
        drawer.show({ title: `${category}: teacher features for ${event.fit}, ${event.set}`, done: event.done, total: event.total, unit: 'images' });
        break;
      case 'resumed':
        drawer.note(`${category}: ${event.fit} goes on after epoch ${event.epoch}`);
        break;
      case 'step':
        drawer.show({ title: `${category}: fitting ${event.fit}`, done: event.step, total: event.steps, unit: 'steps' });
        break;
      case 'fitted':
        drawer.note(
          `${category}: ${event.fit} fitted${event.stopped === 'early' ? ' (stopped early)' : ''}, ` +
            `lowest validation loss ${event.bestLoss.toFixed(5)} at epoch ${event.bestEpoch}`,
        );
        break;
      case 'calibrating':
        drawer.show({ title: `${category}: calibrating`, done: event.done, total: event.total, unit: 'images' });
        break;
      case 'predicting':
        drawer.show({ title: `${category}: scoring`, done: event.done, total: event.total, unit: 'images' });
        break;
      case 'drawing':
        drawer.show({ title: `${category}: drawing maps`, done: event.done, total: event.total, unit: 'images' });
        break;
      case 'warning':
        drawer.note(`warning: ${formatProblem(event.problem)}`);
        break;
      case 'stage':
      case 'epoch':
      case 'profile':
      case 'sample':
        break;
    }
  };
}
