import { StillroomError, type BuildEnv, type Mode, type Signal, type Tensor, type Tensors } from '../../plugins/sdk/index.ts';
import { refName, type Part, type PlanNode } from '../compiler/plan.ts';
import type { ProgramContext } from '../engine/program.ts';
import { weightsIn } from '../engine/weights-in.ts';

/** `student/layer1.weight`: a weight's name in a program. */
export const weightName = (node: string, weight: string): string => `${node}/${weight}`;

/**
 * Runs a part of the graph in tensors. `feeds` and the result are named by the values they are (`teacher.layer1`).
 * What a node throws is located at it.
 */
export function runPart(ctx: ProgramContext, part: Part, feeds: Tensors, mode: Mode): Tensors {
  const values = new Map<string, Tensor>();
  for (const ref of part.inputs) values.set(refName(ref), feeds[refName(ref)]!);
  for (const node of part.nodes) {
    const inputs: Tensors = {};
    for (const [socket, ref] of Object.entries(node.inputs)) {
      const value = values.get(refName(ref));
      if (value) inputs[socket] = value;
    }
    const outputs = ctx.within(node.id, () => node.definition.build!(buildEnv(ctx, node), node.params)(inputs, mode), node.definition.type);
    for (const [socket, signal] of Object.entries(node.outputSignals)) {
      values.set(refName({ node: node.id, socket }), asPromised(outputs?.[socket], signal, { node: node.id, socket }));
    }
  }
  return Object.fromEntries(part.outputs.map((ref) => [refName(ref), values.get(refName(ref))!]));
}

/** What a node built has the shape that it said when it was checked; others have counted on it. */
function asPromised(value: Tensor | undefined, { type, shape }: Signal, place: { node: string; socket: string }): Tensor {
  const expected = type === 'loss' ? shape : ['N', ...shape];
  const found = value?.shape.map((size, i) => (i === 0 && type !== 'loss' ? 'N' : size));
  if (value && found?.join() === expected.join()) return value;
  const seen = value ? `${value.dtype} [${value.shape.join(', ')}]` : 'nothing';
  throw new StillroomError('output-not-as-promised', `expected [${expected.join(', ')}], as the node says, found ${seen}`, {
    ...place,
    hint: 'what `build` gives has to agree with what `infer` says: report it to the authors of the node type',
  });
}

function buildEnv(ctx: ProgramContext, node: PlanNode): BuildEnv {
  const weights = weightsIn(ctx, node.weights, (name) => weightName(node.id, name));
  return { tf: ctx.tf, kernels: ctx.kernels, weights, inputs: node.inputSignals, outputs: node.outputSignals };
}
