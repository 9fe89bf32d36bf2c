import type { GraphWriter } from './graph-writer.ts';
import type { UpdateRule } from './program.ts';

export interface EmittedMove {
  state: string;
  rule: UpdateRule;
  /** Names of nodes. */
  gradient: string;
  hyper: Record<string, string>;
}

export interface EmittedStates {
  handle(state: string): string;
  value(state: string): string;
  /** Control dependencies on the function's reads of these states. */
  afterReads(...states: string[]): string[];
}

/** Moves a state with the resource kernel that its rule names; gives the name of the node that ends it. */
export function emitMove(graph: GraphWriter, move: EmittedMove, states: EmittedStates): string {
  return move.rule.kernel === 'descent' ? emitDescent(graph, move, states) : emitAdam(graph, move, states);
}

function emitAdam(graph: GraphWriter, { state, gradient, hyper }: EmittedMove, states: EmittedStates): string {
  const { stepSize, beta1, beta2, epsilon, decay } = hyper;
  const { handle, value, afterReads } = states;
  const after = afterReads(state, `${state}/m`, `${state}/v`);
  if (decay) {
    const lost = graph.op('Mul', [value(state), decay], { T: graph.float }, undefined);
    const input = [handle(state), lost, ...afterReads(state)];
    after.push(`^${graph.add(graph.unique(`${handle(state)}/decay`), 'AssignSubVariableOp', input, { dtype: graph.float })}`);
  }
  // The kernel would correct the bias by these powers of the betas; the step size comes corrected.
  const power = graph.scalar(0);
  const slots = [handle(state), handle(`${state}/m`), handle(`${state}/v`)];
  const input = [...slots, power, power, stepSize!, beta1!, beta2!, epsilon!, gradient, ...after];
  return graph.add(graph.unique(`${handle(state)}/adam`), 'ResourceApplyAdam', input, { T: graph.float });
}

function emitDescent(graph: GraphWriter, { state, gradient, hyper }: EmittedMove, states: EmittedStates): string {
  const { rate, momentum, weightDecay } = hyper;
  const { handle, value, afterReads } = states;
  const sum = (op: string, a: string, b: string): string => graph.op(op, [a, b], { T: graph.float }, undefined);
  const pull = weightDecay ? sum('AddV2', gradient, sum('Mul', value(state), weightDecay)) : gradient;
  const attr = { T: graph.float };
  if (!momentum) {
    const input = [handle(state), rate!, pull, ...afterReads(state)];
    return graph.add(graph.unique(`${handle(state)}/descend`), 'ResourceApplyGradientDescent', input, attr);
  }
  const velocity = `${state}/momentum`;
  const input = [handle(state), handle(velocity), rate!, pull, momentum, ...afterReads(state, velocity)];
  return graph.add(graph.unique(`${handle(state)}/descend`), 'ResourceApplyMomentum', input, attr);
}
