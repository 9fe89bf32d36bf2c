import {
  outputSockets,
  StillroomError,
  type AnyNodeDefinition,
  type Cost,
  type Problem,
  type Signal,
  type Signals,
} from '../../plugins/sdk/index.ts';

export interface Inferred {
  outputs: Signals;
  cost: Cost;
  problems: Omit<Problem, 'node'>[];
}

/** Asks a definition what it gives for known inputs; whatever it does wrong becomes a problem, never a crash. */
export function inferNode(definition: AnyNodeDefinition, inputs: Signals, params: Record<string, unknown>): Inferred {
  const problems: Inferred['problems'] = [];
  const cost: Cost = { parameters: 0, multiplyAdds: 0, activationBytes: 0 };
  const outputs: Signals = {};
  try {
    const given = definition.infer(inputs, params as never, {
      problem: ({ severity = 'error', ...problem }) => problems.push({ severity, ...problem }),
      cost: (more) => {
        for (const key of Object.keys(cost) as (keyof Cost)[]) cost[key] += more[key] ?? 0;
      },
    });
    for (const [socket, { type }] of Object.entries(outputSockets(definition, params))) {
      const signal = Object.hasOwn(given, socket) ? given[socket] : undefined;
      const wrong = signal ? whatIsWrong(signal, type) : undefined;
      if (signal && !wrong) outputs[socket] = signal;
      else if (wrong || !problems.some(({ severity }) => severity === 'error')) {
        problems.push(wrong ? { severity: 'error', socket, ...wrong } : nothingInferred(definition.type, socket, type));
      }
    }
  } catch (error) {
    problems.push(thrown(definition.type, error));
  }
  return { outputs, cost, problems };
}

/** What a definition threw, as a problem of its node. */
export function thrown(type: string, error: unknown): Inferred['problems'][number] {
  // It says already whose code it is, and what to do.
  if (error instanceof StillroomError) return { ...error.problems[0]!, severity: 'error' };
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'infer-failed',
    severity: 'error',
    message: `expected "${type}" to say what it gives, found that it failed: ${reason}`,
    hint: 'check its inputs and parameters; if they are right, this is a defect of the node type',
  };
}

function nothingInferred(type: string, socket: string, expected: string): Inferred['problems'][number] {
  return {
    code: 'infer-incomplete',
    severity: 'error',
    socket,
    message: `expected "${type}" to say which ${expected} it gives here, found nothing`,
    hint: 'this is a defect of the node type: report it to its authors',
  };
}

function whatIsWrong(signal: Signal, type: string): Pick<Problem, 'code' | 'message' | 'hint'> | undefined {
  if (signal.type !== type) {
    return {
      code: 'infer-incomplete',
      message: `expected the declared ${type}, found ${signal.type}`,
      hint: 'this is a defect of the node type: report it to its authors',
    };
  }
  if (signal.shape.every((n) => Number.isInteger(n) && n >= 1)) return undefined;
  return {
    code: 'empty-shape',
    message: `expected at least one position and channel, found ${signal.shape.join('×')}`,
    hint: 'use larger images, or an earlier stage',
  };
}
