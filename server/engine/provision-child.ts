import { doErrand } from '../processes/errand.ts';
import type { EngineProgress } from './progress.ts';
import { provisionEngine, type ProvisionOptions } from './provision.ts';

/** What a process that provisions the engine is ordered. */
export type ProvisionOrder = Pick<ProvisionOptions, 'gpu' | 'again'>;

/** Provisions the engine as the parent orders; tells each stage, and some of its steps. */
export function provisionOnOrder(provision: (options: ProvisionOptions) => Promise<unknown> = provisionEngine): void {
  doErrand<ProvisionOrder, EngineProgress, void>(async (order, tell) => {
    let told = '';
    const onProgress = (progress: EngineProgress): void => {
      const step = `${progress.stage} ${progress.subject}`;
      tell(progress, step !== told || progress.done === progress.total);
      told = step;
    };
    await provision({ ...order, onProgress });
  });
}
