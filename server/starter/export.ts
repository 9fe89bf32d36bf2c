import type { WeightSpec } from '../../plugins/sdk/index.ts';
import type { Values } from '../engine/program.ts';
import { writeSafetensors } from '../weights/safetensors.ts';
import type { StateDict } from '../weights/state-dict.ts';

/** Writes a network's weights as others keep them: names as they are, kernels OIHW, float16. */
export async function exportWeights(
  file: string,
  specs: readonly WeightSpec[],
  values: Readonly<Record<string, Values>>,
  metadata: Record<string, string>,
): Promise<void> {
  const tensors: StateDict = new Map(specs.map((spec) => [spec.name, asPublished(spec, values[spec.name]!.data)]));
  await writeSafetensors(file, tensors, metadata, { format: 'F16' });
}

/** From HWIO (`[kh, kw, channels, 1]` depthwise) to PyTorch's OIHW. */
function asPublished({ shape, layout }: WeightSpec, data: Float32Array): { shape: number[]; data: Float32Array } {
  if (layout === 'plain') return { shape: [...shape], data };
  const [height, width, input, output] = shape as [number, number, number, number];
  const [outer, inner] = layout === 'kernel' ? [output, input] : [input, output];
  const result = new Float32Array(data.length);
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const offset = layout === 'kernel' ? i * outer + o : o * inner + i;
      for (let at = 0; at < height * width; at++) result[to++] = data[at * outer * inner + offset]!;
    }
  }
  return { shape: [outer, inner, height, width], data: result };
}
