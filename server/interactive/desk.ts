import { watchNodes } from '../engine/at-node.ts';
import { loadEngine, type Engine } from '../engine/load.ts';
import type { OpenedPacks } from '../plugins/open-packs.ts';
import { mindParent } from '../processes/mind-parent.ts';
import { sentError } from '../sent-error.ts';
import type { FromWorker, Kind, ToWorker, Work } from './messages.ts';
import { Predictor } from './predictor.ts';
import { Previewer } from './previewer.ts';
import { ReadyRuns } from './ready-runs.ts';
import { Explainer } from './explainer.ts';

/** Bytes of values of nodes that are kept, where the environment says nothing else. */
const usualBudget = 512 * 2 ** 20;

type Handlers = { [K in Kind]: (task: Work[K]['task'], talk: { begin(node: string | null): void; row(row: Work[K]['row']): void; signal: AbortSignal }) => Promise<Work[K]['answer']> };

/** Answers what the server asks of this process, until that has gone or wants no more. Requests go on side by side where they wait. */
export function answerServer({ packs, registry }: Pick<OpenedPacks, 'packs' | 'registry'>): void {
  mindParent(0);
  process.on('disconnect', () => process.exit());
  watchNodes((node, type) => tell({ within: node === null ? null : { node, type } }));
  const budget = Number(process.env['STILLROOM_PREVIEW_MEMORY'] ?? usualBudget);
  const stops = new Map<number, AbortController>();
  let handlers: Promise<Handlers> | undefined;

  const open = async (): Promise<Handlers> => {
    const engine: Engine = await loadEngine();
    const previewer = new Previewer({ engine, packs, registry, budget });
    const runs = new ReadyRuns({ engine, packs, registry });
    const predictor = new Predictor(runs);
    const explainer = new Explainer(runs);
    return {
      preview: (task, talk) => previewer.preview(task, talk),
      predict: (task, talk) => predictor.predict(task, talk),
      map: (task) => predictor.map(task),
      why: (task, talk) => explainer.why(task, talk),
      layer: (task, talk) => explainer.layer(task, talk),
    };
  };

  const answer = async <K extends Kind>(ask: K, id: number, task: Work[K]['task']): Promise<void> => {
    const stop = new AbortController();
    stops.set(id, stop);
    try {
      // An engine that was not there may be there the next time.
      handlers ??= open().catch((error: unknown) => {
        handlers = undefined;
        throw error;
      });
      const talk = { begin: (node: string | null) => tell({ id, at: node }), row: (row: Work[K]['row']) => tell({ id, row }), signal: stop.signal };
      tell({ id, answer: await (await handlers)[ask](task, talk) });
    } catch (error) {
      tell({ id, error: sentError(error) });
    } finally {
      stops.delete(id);
    }
  };

  process.on('message', (message: ToWorker) => {
    if ('stop' in message) stops.get(message.stop)?.abort();
    else void answer(message.ask, message.id, message.task);
  });
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
