import { inputSockets, outputSockets, type AnyNodeDefinition, type Control, type Param, type Sockets } from '../../plugins/sdk/index.ts';
import { resolveParams } from './params.ts';

/** A definition as data: all of it that is no code. */
export interface NodeDescription {
  type: string;
  version: number;
  title: string;
  summary: string;
  category: string;
  cite?: string;
  params: Record<string, { default: unknown; control: Control; help?: string; cosmetic?: boolean; custom?: string }>;
  inputs: Sockets;
  outputs: Sockets;
}

/** Sockets may depend on parameters: those of the values given, of the defaults where a parameter has none. */
export function describeNode(definition: AnyNodeDefinition, values: Record<string, unknown> = {}): NodeDescription {
  const { type, version, title, summary, category, cite, params } = definition;
  return {
    type,
    version,
    title,
    summary,
    category,
    ...(cite === undefined ? {} : { cite }),
    params: Object.fromEntries(
      Object.entries(params as Record<string, Param<unknown>>).map(([name, { default: value, control, help, cosmetic, custom }]) => [
        name,
        { default: value, control, ...(help === undefined ? {} : { help }), ...(cosmetic ? { cosmetic } : {}), ...(custom === undefined ? {} : { custom }) },
      ]),
    ),
    ...socketsOf(definition, values),
  };
}

/** Those of the values given. */
export function socketsOf(definition: AnyNodeDefinition, values: Record<string, unknown> = {}): { inputs: Sockets; outputs: Sockets } {
  const { values: all } = resolveParams(definition, values);
  return { inputs: inputSockets(definition, all), outputs: outputSockets(definition, all) };
}

/** Whether a node has other sockets with other parameters. */
export function hasMovingSockets({ inputs, outputs }: AnyNodeDefinition): boolean {
  return typeof inputs === 'function' || typeof outputs === 'function';
}
