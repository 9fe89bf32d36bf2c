import type { HostTensor } from '../../plugins/sdk/index.ts';
import { ancestorsOf, partFor } from '../compiler/part.ts';
import { refName, type Part, type Plan, type PlanNode } from '../compiler/plan.ts';
import { compileInference, sampleOf, type Compile } from '../runtime/inference.ts';
import type { WeightValues } from '../runtime/weight-values.ts';
import type { Explained } from './contributions.ts';

/** What a map would be, were some of what it is made of as usual. */
export interface Combined {
  actual: HostTensor;
  /** Everything as usual; null where what is usual is not known. */
  usual: HostTensor | null;
  /** By contribution, and by module; empty where what is usual is not known. */
  withoutContribution: HostTensor[];
  withoutModule: HostTensor[];
}

/** From contributions, and whatever else is taken on the way, to the map of a result. */
export function combinationOf({ nodes }: Plan, { map, contributions }: Explained): Part {
  const made = new Set(contributions.map((one) => one.map.node));
  const dependsOnMade = (node: PlanNode): boolean => !made.has(node.id) && ancestorsOf(nodes, [{ node: node.id, socket: '' }]).some(({ id }) => made.has(id));
  return partFor(nodes, [map], (node) => !dependsOnMade(node));
}

/**
 * Runs what lies between the contributions and the map on variations of them, all at once: contributions are replaced
 * by maps that are everywhere what they usually are. `values` are those of the part's inputs, of one sample.
 */
export function combine(
  { plan, weights, compile }: { plan: Plan; weights: WeightValues; compile: Compile },
  { map, contributions, modules }: Explained,
  part: Part,
  values: Readonly<Record<string, HostTensor>>,
  usual: readonly number[] | null,
): Combined {
  const all = contributions.map((_, i) => i);
  const variations = usual ? [[], all, ...all.map((i) => [i]), ...modules.map(({ of }) => of)] : [[]];
  const feeds = part.inputs.map((ref) => {
    const name = refName(ref);
    const i = contributions.findIndex((one) => refName(one.map) === name);
    return [name, stacked(values[name]!, variations.map((which) => (which.includes(i) ? usual![i]! : null)))] as const;
  });
  const program = compileInference(compile, 'why', plan.nodes, part, weights, variations.length, { keep: true });
  try {
    const made = program.run(Object.fromEntries(feeds))[refName(map)]!;
    const [actual, everything, ...rest] = variations.map((_, i) => sampleOf(made, i));
    return { actual: actual!, usual: everything ?? null, withoutContribution: rest.slice(0, all.length), withoutModule: rest.slice(all.length) };
  } finally {
    program.dispose();
  }
}

/** A sample so many times; filled with a value where there is one. */
function stacked({ shape, data }: HostTensor, values: readonly (number | null)[]): HostTensor {
  const out = new Float32Array(values.length * data.length);
  for (const [i, value] of values.entries()) {
    if (value === null) out.set(data, i * data.length);
    else out.fill(value, i * data.length, (i + 1) * data.length);
  }
  return { shape: [values.length, ...shape], data: out };
}
