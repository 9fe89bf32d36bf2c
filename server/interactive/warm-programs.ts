import type { Program, ProgramContext, ProgramFunction, ProgramSpec } from '../engine/program.ts';
import type { Compile } from '../runtime/inference.ts';

/** Programs of one run that stay ready between requests; whoever compiles one again has the same one. */
export class WarmPrograms {
  readonly #compile: Compile;
  readonly #programs = new Map<string, Program>();
  #users = 0;
  #isLetGo = false;
  /** Told the node whose code begins, and null before a graph runs. */
  begin: (node: string | null) => void = () => {};

  constructor(compile: Compile) {
    this.#compile = compile;
  }

  /** What is given lives on when it is disposed. */
  readonly compile: Compile = (spec, options) => {
    const key = keyOf(spec);
    const known = this.#programs.get(key) ?? this.#compile({ ...spec, functions: this.#announced(spec.functions) }, options);
    this.#programs.set(key, known);
    return { ...known, dispose: () => {} };
  };

  /** While it goes on no program goes. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work();
    } finally {
      this.#users--;
      if (this.#isLetGo) this.dispose();
    }
  }

  dispose(): void {
    this.#isLetGo = true;
    if (this.#users > 0) return;
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }

  #announced(functions: ProgramSpec['functions']): ProgramSpec['functions'] {
    const announced = ({ inputs, run }: ProgramFunction): ProgramFunction => ({ inputs, run: (ctx, given) => run(this.#announcing(ctx), given) });
    return Object.fromEntries(Object.entries(functions).map(([name, fn]) => [name, announced(fn)]));
  }

  #announcing(ctx: ProgramContext): ProgramContext {
    return {
      tf: ctx.tf,
      kernels: ctx.kernels,
      read: (name) => ctx.read(name),
      assign: (name, value) => ctx.assign(name, value),
      minimise: (loss, states, rule, hyper) => ctx.minimise(loss, states, rule, hyper),
      within: (node, part, type) => {
        this.begin(node);
        const given = ctx.within(node, part, type);
        this.begin(null);
        return given;
      },
    };
  }
}

/** Weights are those of the run; what else differs is what is computed, and for how many. */
function keyOf({ name, key, functions }: ProgramSpec): string {
  return JSON.stringify([name, key, Object.entries(functions).map(([fn, { inputs }]) => [fn, inputs])]);
}
