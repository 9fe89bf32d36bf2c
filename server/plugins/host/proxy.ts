import { z } from 'zod';
import type { AnyNodeDefinition, Category, Pack, Param, Signals, Sockets, SocketTypeDefinition, WeightsEntry, WeightSpec } from '../../../plugins/sdk/index.ts';
import { mustBeAnswer } from './answer-forms.ts';
import { dataCalls } from './describe-pack.ts';
import { proxyElsewhere } from './elsewhere.ts';
import type { Ask, CallName, Inference, NodeFacts, PackFacts } from './messages.ts';

/** Has the code of plugins asked, and waits for what it gives; throws what that throws. */
export type AskHost = (ask: Ask) => unknown;

/** A pack whose functions ask the process that has its code. Tensors are of other processes: `build` throws here. */
export function proxyPack(plugin: string, { nodes, architectures, weights, socketTypes, exporters, elsewhere, name }: PackFacts, askHost: AskHost): Pack {
  return {
    name,
    nodes: nodes.map((facts) => proxyDefinition(plugin, facts, askHost)),
    ...proxyElsewhere(elsewhere),
    architectures: architectures.map((one) => ({ ...one, weights: () => one.weights })),
    weights: weights.map(({ source, ...entry }) => ({ ...entry, source: source['kind'] === 'bundled' ? { ...source, url: new URL(String(source['url'])) } : source }) as WeightsEntry),
    socketTypes: socketTypes.map((facts) => proxySocketType(plugin, facts, askHost)),
    exporters: exporters.map((facts) => ({
      ...facts,
      export: (): never => {
        throw new Error(`"${facts.name}" is of a process that exports`);
      },
    })),
  };
}

function proxySocketType(plugin: string, { describes, ...said }: PackFacts['socketTypes'][number], askHost: AskHost): SocketTypeDefinition {
  if (!describes) return said;
  return {
    ...said,
    describe(signal) {
      const ask: Ask = { plugin, type: said.type, call: 'describe', given: [signal] };
      return mustBeAnswer(ask, askHost(ask)) as string;
    },
  };
}

function proxyDefinition(plugin: string, facts: NodeFacts, askHost: AskHost): AnyNodeDefinition {
  const { type, version, title, summary, cite, random, eager, has, migrations } = facts;
  const ask = <T>(call: CallName, ...given: unknown[]): T => {
    const question = { plugin, type, call, given };
    return mustBeAnswer(question, askHost(question)) as T;
  };
  const socketsOf = (side: 'inputs' | 'outputs'): AnyNodeDefinition['inputs'] => (facts[side].moving ? (params: unknown) => ask<Sockets>(side, params) : facts[side].sockets);
  const elsewhere = (what: string) => (): never => {
    throw new Error(`${what} of "${type}" is of a process that has tensors`);
  };
  const parts: Record<string, unknown> = Object.fromEntries(dataCalls.filter((call) => has.includes(call)).map((call) => [call, (params: unknown) => ask(call, params)]));
  if (has.includes('sink')) parts['sink'] = (params: unknown) => ({ ...ask<object>('sink', params), evaluate: elsewhere('sink') });
  if (has.includes('calibrate')) parts['calibrate'] = (params: unknown) => ({ ...ask<object>('calibrate', params), begin: elsewhere('calibrate') });
  if (has.includes('build')) parts['build'] = elsewhere('build');
  if (has.includes('weights')) parts['weights'] = (inputs: Signals, params: unknown) => ask<WeightSpec[]>('weights', inputs, params);
  return {
    type,
    version,
    title,
    summary,
    category: facts.category as Category,
    ...(cite === undefined ? {} : { cite }),
    ...(random ? { random } : {}),
    ...(eager ? { eager } : {}),
    params: Object.fromEntries(Object.entries(facts.params).map(([name, param]): [string, Param<unknown>] => [name, { ...param, schema: proxySchema((value) => ask('parse', name, value)) }])),
    inputs: socketsOf('inputs'),
    outputs: socketsOf('outputs'),
    infer(inputs, params, ctx) {
      const { outputs, problems, costs } = ask<Inference>('infer', inputs, params);
      problems.forEach((problem) => ctx.problem(problem));
      costs.forEach((cost) => ctx.cost(cost));
      return outputs;
    },
    ...(migrations.length ? { migrate: Object.fromEntries(migrations.map((from) => [from, (params: unknown) => ask('migrate', from, params)])) } : {}),
    ...parts,
  } as AnyNodeDefinition;
}

type Parsed = { value: unknown } | { issues: Record<string, unknown>[] };

/** A schema elsewhere: what it says of a value is said here, and that it cannot be asked too. */
function proxySchema(parse: (value: unknown) => Parsed): z.ZodType<unknown> {
  return z.unknown().transform((value, context) => {
    try {
      const parsed = parse(value);
      if ('value' in parsed) return parsed.value;
      for (const issue of parsed.issues) context.issues.push({ ...issue, input: value } as never);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
    }
    return z.NEVER;
  });
}
