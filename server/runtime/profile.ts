import type { HostTensor } from '../../plugins/sdk/index.ts';
import { refName, type Plan, type PlanNode } from '../compiler/plan.ts';
import type { Emit } from './events.ts';
import { breathe } from './breathe.ts';
import type { ImageFeed } from './image-feed.ts';
import { compileInference, type Compile } from './inference.ts';
import type { WeightValues } from './weight-values.ts';

export interface ProfileTask {
  category: string;
  plan: Plan;
  train: ImageFeed;
  compile: Compile;
  signal?: AbortSignal;
  emit: Emit;
}

/** Runs of each node; the fastest counts. */
const repeats = 2;

/**
 * Measures what each node of the prediction takes for one image: op by op, each node on its own, what it is given and
 * gives copied. In the native graph some of that is shared and folded, so these are shares, not what a step takes.
 */
export async function profile({ category, plan, train, compile, signal, emit }: ProfileTask, weights: WeightValues): Promise<void> {
  if (train.count === 0) return;
  const { part } = plan.predict;
  let values = (await train.feeds([0], part.inputs.map(refName))) as Record<string, HostTensor>;
  const milliseconds: Record<string, number> = {};
  for (const node of part.nodes) {
    const { given, took } = measure(node, plan, compile, weights, values);
    values = { ...values, ...given };
    milliseconds[node.id] = took;
    await breathe(signal);
  }
  emit({ type: 'profile', category, milliseconds });
}

function measure(node: PlanNode, plan: Plan, compile: Compile, weights: WeightValues, values: Record<string, HostTensor>): { given: Record<string, HostTensor>; took: number } {
  const inputs = Object.values(node.inputs).filter((ref) => values[refName(ref)] !== undefined);
  const outputs = Object.keys(node.outputSignals).map((socket) => ({ node: node.id, socket }));
  const eager: Compile = (spec, options) => compile(spec, { ...options, eager: true });
  const program = compileInference(eager, `profile ${node.id}`, plan.nodes, { nodes: [node], inputs, outputs }, weights, 1);
  try {
    let given: Record<string, HostTensor> = {};
    let took = Number.POSITIVE_INFINITY;
    for (let i = 0; i < repeats; i++) {
      const begun = performance.now();
      given = program.run(values);
      took = Math.min(took, performance.now() - begun);
    }
    return { given, took };
  } finally {
    program.dispose();
  }
}
