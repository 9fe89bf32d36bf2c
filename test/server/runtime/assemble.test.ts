import { describe, expect, it } from 'vitest';
import { defineNode, features, images, loss, type Signal, type Tensor, type Tensors } from '../../../plugins/sdk/index.ts';
import type { Part, PlanNode } from '../../../server/compiler/plan.ts';
import type { ProgramContext } from '../../../server/engine/program.ts';
import { runPart } from '../../../server/runtime/assemble.ts';

/** Only what is looked at before anything is computed. */
const tensor = (...shape: number[]): Tensor => ({ shape, dtype: 'float32' }) as unknown as Tensor;
const context = { within: (_node: string, part: () => unknown) => part() } as unknown as ProgramContext;

/** A node that promises features `[4, 4, 8]` and a loss, and builds what it is told. */
function partGiving(outputs: Tensors | undefined): Part {
  const definition = defineNode({
    type: 'toy/promises',
    version: 1,
    title: 'Promises',
    summary: 'Promises features and a loss.',
    category: 'other',
    params: {},
    inputs: { images: images() },
    outputs: { features: features(), loss: loss() },
    infer: () => promised,
    build: () => () => outputs as Tensors,
  });
  const promised: Record<string, Signal> = { features: { type: 'features', shape: [4, 4, 8] }, loss: { type: 'loss', shape: [] } };
  const node: PlanNode = { id: 'n', definition, params: {}, inputs: {}, inputSignals: {}, outputSignals: promised, weights: [] };
  return { nodes: [node], inputs: [], outputs: [{ node: 'n', socket: 'features' }] };
}

function errorOf(outputs: Tensors | undefined): unknown {
  try {
    return runPart(context, partGiving(outputs), {}, { training: false, seed: tensor(2) });
  } catch (error) {
    return error;
  }
}

describe('what a node builds', () => {
  it('is passed on where it is as promised, for batches of any size', () => {
    const given = tensor(3, 4, 4, 8);
    expect(errorOf({ features: given, loss: tensor() })).toEqual({ 'n.features': given });
  });

  it.each([
    ['has another shape', { features: tensor(3, 2, 2, 8), loss: tensor() }, 'features', 'expected [N, 4, 4, 8], as the node says, found float32 [3, 2, 2, 8]'],
    ['has no batch', { features: tensor(4, 4, 8), loss: tensor() }, 'features', 'expected [N, 4, 4, 8], as the node says, found float32 [4, 4, 8]'],
    ['is missing', { loss: tensor() }, 'features', 'expected [N, 4, 4, 8], as the node says, found nothing'],
    ['is nothing at all', undefined, 'features', 'expected [N, 4, 4, 8], as the node says, found nothing'],
    ['is a loss for each image', { features: tensor(3, 4, 4, 8), loss: tensor(3) }, 'loss', 'expected [], as the node says, found float32 [3]'],
  ])('is refused at its socket where it %s', (_, outputs, socket, message) => {
    expect(errorOf(outputs as unknown as Tensors)).toMatchObject({ code: 'output-not-as-promised', message, place: { node: 'n', socket } });
  });
});
