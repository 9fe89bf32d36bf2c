import type { Architecture } from '../../plugins/sdk/pack.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { WeightSpec } from '../../plugins/sdk/weight.ts';
import { listNames, mapKeys, type NamedTensor } from './key-map.ts';
import { countOf, describeShape, type StateDict } from './state-dict.ts';

export interface ImportedWeights {
  /** Values by weight name, laid out as tensors use them (kernels HWIO). */
  values: Map<string, Float32Array>;
  /** Whose names the file uses. */
  keyMap: string;
  /** Whether the file has its batch-norm folded into the convolutions. */
  form: 'plain' | 'folded';
  /** Keys of the file that belong to nothing in the architecture. */
  unused: string[];
}

/**
 * Values for a node's weights from a state dict of its architecture. Accepts batch-norm as it is and folded into the
 * convolutions; the norm is then the identity, shifted by the convolution's bias.
 *
 * Throws `weights-wrong-architecture`, `weights-ambiguous`, `weights-missing` (with the first names), `weights-wrong-shape`
 * and `weights-not-finite`, each naming the file.
 */
export function importWeights(
  state: StateDict,
  architecture: Architecture,
  specs: readonly WeightSpec[],
  file: string,
): ImportedWeights {
  const { keyMap, tensors } = mapKeys(state, architecture, file);
  const values = new Map<string, Float32Array>();
  const missing: string[] = [];
  let form: ImportedWeights['form'] = 'plain';
  for (const spec of specs) {
    const bias = spec.normalises && tensors.get(`${spec.normalises.convolution}.bias`);
    const own = tensors.get(spec.name);
    if (own) {
      const value = toLayout(checked(own, spec, file), spec);
      // A bias before a batch-norm moves its mean.
      values.set(spec.name, bias && spec.normalises?.part === 'mean' ? minus(value, checked(bias, spec, file)) : value);
    } else if (bias) {
      form = 'folded';
      values.set(spec.name, foldedNorm(spec.normalises!, checked(bias, spec, file)));
    } else {
      missing.push(spec.name);
    }
  }
  if (missing.length) {
    throw new StillroomError(
      'weights-missing',
      `expected ${specs.length} tensors for ${architecture.title}, found no ${listNames(missing)}`,
      { file, hint: 'name a file that has them, or choose stages that it covers' },
    );
  }
  return { values, keyMap, form, unused: unusedKeys(tensors, architecture) };
}

/** What of a file fits an architecture, by name. */
export interface Coverage {
  keyMap: string;
  /** Weights of the whole network that the file does not have; a node that stops earlier may do without. */
  missing: string[];
  /** Keys of the file that belong to nothing in the architecture. */
  unused: string[];
  /** Keys of the file that the network is known to have no use for (the classifier). */
  ignored: string[];
}

/** Compares a state dict with all weights of an architecture. Throws `weights-wrong-architecture`, `weights-ambiguous`. */
export function coverageOf(state: StateDict, architecture: Architecture, file: string): Coverage {
  const { keyMap, tensors, ignored } = mapKeys(state, architecture, file);
  const missing = architecture
    .weights()
    .filter((spec) => !isIn(tensors, spec))
    .map(({ name }) => name);
  return { keyMap, missing, unused: unusedKeys(tensors, architecture), ignored };
}

/** Whether tensors give a weight, be it by way of a convolution that its batch-norm was folded into. */
export function isIn(tensors: ReadonlyMap<string, unknown>, { name, normalises }: WeightSpec): boolean {
  return tensors.has(name) || (normalises !== undefined && tensors.has(`${normalises.convolution}.bias`));
}

type Norm = NonNullable<WeightSpec['normalises']>;

function foldedNorm({ part, epsilon }: Norm, bias: Float32Array): Float32Array {
  switch (part) {
    case 'scale':
      return new Float32Array(bias.length).fill(1);
    case 'shift':
      return bias;
    case 'mean':
      return new Float32Array(bias.length);
    case 'variance':
      return new Float32Array(bias.length).fill(1 - epsilon);
  }
}

function checked(tensor: NamedTensor, spec: WeightSpec, file: string): Float32Array {
  const expected = fileShape(spec);
  if (tensor.shape.join() !== expected.join()) {
    throw new StillroomError(
      'weights-wrong-shape',
      `expected "${tensor.key}" to be ${describeShape(expected)}, found ${describeShape(tensor.shape)}`,
      { file, field: tensor.key, hint: 'name weights of this very architecture' },
    );
  }
  const at = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new StillroomError(
      'weights-not-finite',
      `expected finite numbers in "${tensor.key}", found ${tensor.data[at]} at ${at}`,
      { file, field: tensor.key, hint: 'get the file again, or one that was trained without failing' },
    );
  }
  return tensor.data;
}

/** How PyTorch lays the weight out: OIHW, depthwise kernels with one input channel. */
function fileShape({ shape, layout }: WeightSpec): readonly number[] {
  if (layout === 'plain') return shape;
  const [height, width, input, output] = shape as [number, number, number, number];
  return layout === 'kernel' ? [output, input, height, width] : [input, output, height, width];
}

function toLayout(data: Float32Array, { shape, layout }: WeightSpec): Float32Array {
  if (layout === 'plain') return data;
  const [height, width, input, output] = shape as [number, number, number, number];
  const [outer, inner] = layout === 'kernel' ? [output, input] : [input, output];
  const area = height * width;
  const result = new Float32Array(countOf(shape));
  let from = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const to = layout === 'kernel' ? i * outer + o : o * inner + i;
      for (let at = 0; at < area; at++) result[at * outer * inner + to] = data[from++]!;
    }
  }
  return result;
}

function minus(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value - b[i]!);
}

function unusedKeys(tensors: ReadonlyMap<string, NamedTensor>, architecture: Architecture): string[] {
  const known = new Set(architecture.weights().map(({ name }) => name));
  for (const { normalises } of architecture.weights()) if (normalises) known.add(`${normalises.convolution}.bias`);
  return [...tensors].filter(([name]) => !known.has(name)).map(([, { key }]) => key);
}
