import type { HostTensor } from '../../plugins/sdk/index.ts';
import { graphNames } from './graph-names.ts';
import { loadGraph, locateFailure } from './load-graph.ts';
import type { Engine } from './load.ts';
import { feedOf, functionOf, stateOf, toHost } from './program-checks.ts';
import type { Program, ProgramFeed, ProgramSpec, Values } from './program.ts';

/** Runs a program as one TensorFlow graph, its states in native memory; one call of the library is one call here. */
export function nativeProgram(engine: Engine, spec: ProgramSpec, cache: string | undefined): Program {
  const { binding } = engine;
  const { model, facts } = loadGraph(engine, spec, cache);
  const states = Object.keys(spec.state);
  const fnNames = Object.keys(spec.functions);

  const run = (feeds: readonly (readonly [string, ProgramFeed])[], fetches: readonly string[]): HostTensor[] => {
    if (fetches.length === 0) return [];
    const ids = feeds.map(([, { shape, data }]) =>
      binding.createTensor([...shape], data instanceof Float32Array ? binding.TF_FLOAT : binding.TF_INT32, data),
    );
    try {
      const inputs = feeds.map(([name]) => `${name}:0`).join();
      const found = binding.runSavedModel(model, ids, inputs, fetches.map((name) => `${name}:0`).join());
      return found.map(({ id, shape }) => {
        const data = binding.tensorDataSync(id);
        binding.deleteTensor(id);
        return toHost(shape, data);
      });
    } catch (cause) {
      throw locateFailure(cause, spec.name, facts.owners);
    } finally {
      for (const id of ids) binding.deleteTensor(id);
    }
  };

  const write = (given: Record<string, Values>): void => {
    const feeds = Object.entries(given).map(([name, value]) => {
      stateOf(spec, name, value);
      return [graphNames.given(states.indexOf(name)), value] as const;
    });
    run(feeds, Object.keys(given).map((name) => graphNames.written(states.indexOf(name))));
  };
  write(spec.state);

  return {
    mode: 'native',
    call(name: string, feeds: Record<string, ProgramFeed>): Record<string, HostTensor> {
      const declared = Object.keys(functionOf(spec, name).inputs);
      for (const input of declared) feedOf(spec, name, input, feeds);
      const { inputs, outputs } = facts.functions[name]!;
      const fn = fnNames.indexOf(name);
      const given = inputs.map((input) => [graphNames.input(fn, declared.indexOf(input)), feeds[input]!] as const);
      const fetches = outputs.map((_, i) => graphNames.output(fn, i));
      const found = run(given, fetches.length ? fetches : [graphNames.done(fn)]);
      return Object.fromEntries(outputs.map(({ name, shape }, i) => [name, { shape, data: found[i]!.data }]));
    },
    read(names: readonly string[] = states): Record<string, Values> {
      for (const name of names) stateOf(spec, name);
      const found = run([], names.map((name) => graphNames.value(states.indexOf(name))));
      return Object.fromEntries(names.map((name, i) => [name, { shape: stateOf(spec, name).shape, data: found[i]!.data }]));
    },
    write,
    dispose: () => binding.deleteSavedModel(model),
  };
}
