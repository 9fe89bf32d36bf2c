import { describeSignal, StillroomError, type Problem, type Signal } from '../../plugins/sdk/index.ts';
import type { Registry } from '../graph/registry.ts';

/** What is written on edges: the summary of the socket type where it has one, else shape and stride. */
export class Captions {
  readonly #registry: Registry;
  readonly #failed = new Map<string, Problem>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Of what an output gives; a summary that fails is told of once for each output, and the shape stands in for it. */
  of(signal: Signal, { node, socket }: { node: string; socket: string }): string {
    const socketType = this.#registry.socketType(signal.type);
    if (!socketType?.describe) return describeSignal(signal);
    try {
      const text: unknown = socketType.describe(signal);
      if (typeof text === 'string') return text;
      throw new Error(`expected a text, found ${JSON.stringify(text) ?? 'nothing'}`);
    } catch (error) {
      this.#failed.set(`${node}.${socket}`, problemOf(error, signal.type, { node, socket }));
      return describeSignal(signal);
    }
  }

  get problems(): Problem[] {
    return [...this.#failed.values()];
  }
}

function problemOf(error: unknown, type: string, place: { node: string; socket: string }): Problem {
  const why = error instanceof Error ? error.message : String(error);
  const hint = error instanceof StillroomError ? error.hint : undefined;
  return {
    code: 'socket-summary-failed',
    severity: 'warning',
    ...place,
    message: error instanceof StillroomError ? why : `expected the summary of "${type}" to be given, found that it failed: ${why}`,
    hint: hint ?? 'its shape is shown instead; this is a defect of the plugin: report it to its authors',
  };
}
