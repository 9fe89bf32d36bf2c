import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import { mindParent } from '../processes/mind-parent.ts';
import type { EngineProgress } from './progress.ts';
import { provisionEngine, type ProvisionOptions } from './provision.ts';

/** What a process that provisions the engine is told, once. */
export type ProvisionOrder = Pick<ProvisionOptions, 'gpu' | 'again'>;

/** What it tells. */
export type ProvisionNews = { kind: 'progress'; progress: EngineProgress } | { kind: 'made' } | { kind: 'failed'; problem: Problem };

const between = 100;

/** Provisions the engine as its parent orders, and ends. Steps of many parts are told a few times a second. */
export function obeyProvisionOrder(provision: (options: ProvisionOptions) => Promise<unknown> = provisionEngine): void {
  mindParent(0);
  process.once('message', (order: ProvisionOrder) => {
    let told = { subject: '', at: 0 };
    const onProgress = (progress: EngineProgress): void => {
      const subject = `${progress.stage} ${progress.subject}`;
      if (subject === told.subject && progress.done !== progress.total && Date.now() - told.at < between) return;
      told = { subject, at: Date.now() };
      tell({ kind: 'progress', progress });
    };
    provision({ ...order, onProgress }).then(
      () => tell({ kind: 'made' }),
      (error: unknown) => tell({ kind: 'failed', problem: problemOf(error) }),
    ).finally(() => process.disconnect());
  });
}

function tell(news: ProvisionNews): void {
  process.send?.(news);
}

function problemOf(error: unknown): Problem {
  if (error instanceof StillroomError) return { ...error.problems[0]! };
  return { code: 'defect', severity: 'error', message: `expected to provision the engine, found: ${error instanceof Error ? error.message : String(error)}` };
}
