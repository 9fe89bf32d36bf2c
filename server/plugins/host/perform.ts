import { inputSockets, outputSockets, type AnyNodeDefinition, type Param, type Signals, type SocketTypeDefinition } from '../../../plugins/sdk/index.ts';
import type { Ask, Inference } from './messages.ts';

/** Calls the summary of a socket type. */
export function performSummary(socketType: SocketTypeDefinition, { given }: Ask): unknown {
  return socketType.describe!(given[0] as never);
}

/** Calls a function of a node's definition; what it gives is data that another process can have. */
export function perform(definition: AnyNodeDefinition, { call, given }: Ask): unknown {
  const [first, second] = given as [never, never];
  switch (call) {
    case 'inputs':
      return inputSockets(definition, first);
    case 'outputs':
      return outputSockets(definition, first);
    case 'infer':
      return infer(definition, first, second);
    case 'weights':
      return definition.weights!(first, second);
    case 'parse':
      return parse(definition.params as Record<string, Param<unknown>>, first, second);
    case 'migrate':
      return definition.migrate![first]!(second);
    case 'calibrate':
      return { images: definition.calibrate!(first).images };
    case 'sink': {
      const { name, kind } = definition.sink!(first);
      return { name, kind };
    }
    case 'describe':
      throw new RangeError('it is of a socket type');
    default:
      return definition[call]!(first);
  }
}

function infer(definition: AnyNodeDefinition, inputs: Signals, params: never): Inference {
  const told: Pick<Inference, 'problems' | 'costs'> = { problems: [], costs: [] };
  const outputs = definition.infer(inputs, params, {
    problem: ({ severity = 'error', ...problem }) => told.problems.push({ severity, ...problem }),
    cost: (cost) => told.costs.push({ ...cost }),
  });
  return { outputs, ...told };
}

function parse(params: Record<string, Param<unknown>>, name: string, value: unknown): { value: unknown } | { issues: unknown[] } {
  const { success, data, error } = params[name]!.schema.safeParse(value);
  // Of an issue, what it was found in is known where it is asked.
  return success ? { value: data } : { issues: error.issues.map((issue) => ({ ...issue, input: undefined })) };
}
