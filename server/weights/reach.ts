import { existsSync } from 'node:fs';
import type { AnyNodeDefinition } from '../../plugins/sdk/node.ts';
import type { Architecture } from '../../plugins/sdk/pack.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Signal } from '../../plugins/sdk/signal.ts';
import type { WeightSpec } from '../../plugins/sdk/weight.ts';
import { isIn } from './import.ts';
import { listNames, mapKeys } from './key-map.ts';
import { stagesOf } from './network-stages.ts';
import { readOutline } from './read-outline.ts';
import { architectureNamed, type RegisteredWeights, type WeightsRegistry } from './registry.ts';
import { weightsFile } from './resolve.ts';
import type { StateDict } from './state-dict.ts';

/** A frozen network as a graph has it. */
export interface NetworkInGraph {
  definition: AnyNodeDefinition;
  params: Record<string, unknown>;
  inputs: Record<string, Signal>;
}

/** Refuses weights that do not reach as deep as a network of the graph needs them. Throws `weights-missing`, and what `mapKeys` throws. */
export async function mustReach(registry: WeightsRegistry, entry: RegisteredWeights, state: StateDict, node: NetworkInGraph, file: string): Promise<void> {
  const architecture = architectureNamed(registry, entry.architecture);
  const { missing, lacking, deepest } = lackingOf(state, architecture, node, file);
  if (missing.length === 0) return;
  const other = await otherThatReaches(registry, entry, node);
  const stages = lacking.length > 0 ? ` that cover ${lacking.join(', ')}` : ` for ${architecture.title}`;
  const found = lacking.length > 0 ? `which ${deepest === undefined ? 'covers no stage whole' : `reaches to ${deepest}`}` : `which lacks ${listNames(missing)}`;
  const choose = `choose stages that ${entry.name} covers`;
  throw new StillroomError('weights-missing', `expected weights${stages}, found ${entry.name}, ${found}`, {
    file,
    hint: other === undefined ? `name others, or ${choose}` : `set \`${weightsParam(node.definition)}\` to "${other.name}"${existsSync(weightsFile(other)) ? '' : ', which is fetched on first use'}, or ${choose}`,
  });
}

/**
 * As `mustReach`, by what the file of an entry says it holds; nothing is known, and nothing thrown, where the file is not here
 * or would have to be read whole. Throws also what reading a header throws.
 */
export async function mustReachByOutline(registry: WeightsRegistry, entry: RegisteredWeights, node: NetworkInGraph): Promise<void> {
  const file = weightsFile(entry);
  const outline = existsSync(file) ? await readOutline(file) : undefined;
  if (outline) await mustReach(registry, entry, outline, node, file);
}

interface Lacking {
  /** Names of weights. */
  missing: string[];
  /** Stages that the node gives and the file does not cover; none where the network has no stages. */
  lacking: string[];
  /** The last stage that the file covers. */
  deepest: string | undefined;
}

function lackingOf(state: StateDict, architecture: Architecture, { definition, params, inputs }: NetworkInGraph, file: string): Lacking {
  const { tensors } = mapKeys(state, architecture, file);
  const missingOf = (specs: readonly WeightSpec[] = []): string[] => specs.filter((spec) => !isIn(tensors, spec)).map(({ name }) => name);
  const missing = missingOf(definition.weights?.(inputs, params));
  if (missing.length === 0) return { missing, lacking: [], deepest: undefined };
  const wanted = params['stages'] as readonly string[];
  const stages = stagesOf(definition) ?? [];
  const covered = stages.filter((stage) => missingOf(definition.weights?.(inputs, { ...params, stages: [stage] })).length === 0);
  return { missing, lacking: stages.filter((stage) => wanted.includes(stage) && !covered.includes(stage)), deepest: covered.at(-1) };
}

/** Other weights of the architecture: such as are here and known to do, else the first that may. */
async function otherThatReaches(registry: WeightsRegistry, entry: RegisteredWeights, node: NetworkInGraph): Promise<RegisteredWeights | undefined> {
  const architecture = architectureNamed(registry, entry.architecture);
  let may: RegisteredWeights | undefined;
  for (const other of registry.entries) {
    if (other.architecture !== entry.architecture || other.name === entry.name) continue;
    const file = weightsFile(other);
    const isHere = existsSync(file);
    if (!isHere && (other.source.kind === 'bundled' || other.source.kind === 'file')) continue;
    try {
      const outline = isHere ? await readOutline(file) : undefined;
      if (outline && lackingOf(outline, architecture, node, file).missing.length === 0) return other;
      if (!outline) may ??= other;
    } catch (error) {
      // A file that cannot be read is none to name.
      if (!(error instanceof StillroomError)) throw error;
    }
  }
  return may;
}

/** The parameter that names a node's weights. */
const weightsParam = ({ params }: AnyNodeDefinition): string =>
  Object.entries(params as Record<string, { control: { kind: string } }>).find(([, { control }]) => control.kind === 'weights')?.[0] ?? 'weights';
