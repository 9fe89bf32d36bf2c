import type { AnyNodeDefinition, Control, Param } from '../../plugins/sdk/index.ts';
import { compactJson } from '../graph/canonical.ts';
import { formatEnd, type End, type GraphDocument, type GraphNode } from '../graph/document.ts';
import { expand } from '../graph/expand.ts';
import type { Registry } from '../graph/registry.ts';
import { paramsAsRun } from './params-as-run.ts';

/** What of a node is not the same in two graphs. */
export interface NodeChange {
  /** Its id; of one inside of an instance of a sub-graph, `instance/id`. */
  node: string;
  title: string;
  is: 'added' | 'removed' | 'changed';
  /** What it has in both, in words; null where it has nothing. Of a node that only one graph has, its type and its wires. */
  details: Detail[];
}

export interface Detail {
  of: 'type' | 'state' | 'parameter' | 'input';
  /** Of the parameter or the input; else empty. */
  name: string;
  from: string | null;
  to: string | null;
}

/**
 * Where two graphs compute something else, node by node: types, parameters (a default counts as given) and where inputs
 * come from. Sub-graphs are expanded; titles, comments and layout are no part of it. `epochs` are those that runs of them were asked for
 * in place of the graph's, null where they were asked for none.
 */
export function changesByNode(from: GraphDocument, to: GraphDocument, registry: Registry, epochs: readonly [from: number | null, to: number | null] = [null, null]): NodeChange[] {
  const [before, after] = [nodesOf(from, registry, epochs[0]), nodesOf(to, registry, epochs[1])];
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return ids.flatMap((node): NodeChange[] => {
    const [a, b] = [before.get(node), after.get(node)];
    const is = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed';
    const details = detailsOf(a, b).filter(({ of }) => is === 'changed' || of === 'type' || of === 'input');
    return details.length === 0 ? [] : [{ node, title: (b ?? a)!.title, is, details }];
  });
}

/** What decides what is computed, and how it is said. */
interface Fact {
  is: string;
  text: string;
}

interface Told {
  title: string;
  type: Fact;
  state: Fact;
  params: Record<string, Fact>;
  inputs: Record<string, Fact>;
}

function detailsOf(a: Told | undefined, b: Told | undefined): Detail[] {
  const detail = (of: Detail['of'], name: string, from: Fact | undefined, to: Fact | undefined): Detail[] =>
    from?.is === to?.is ? [] : [{ of, name, from: from?.text ?? null, to: to?.text ?? null }];
  const each = (of: Detail['of'], from: Record<string, Fact> = {}, to: Record<string, Fact> = {}): Detail[] =>
    [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) => detail(of, name, from[name], to[name]));
  return [...detail('type', '', a?.type, b?.type), ...detail('state', '', a?.state, b?.state), ...each('parameter', a?.params, b?.params), ...each('input', a?.inputs, b?.inputs)];
}

function nodesOf(document: GraphDocument, registry: Registry, epochs: number | null): Map<string, Told> {
  const { nodes, edges } = expand(document);
  const titleOf = ({ id, node }: { id: string; node: GraphNode }): string => [...instancesOf(id, document), node.title ?? registry.get(node.type)?.title ?? id.slice(id.lastIndexOf('/') + 1)].join(' › ');
  const titles = new Map(nodes.map((one) => [one.id, titleOf(one)]));
  const told = new Map(
    nodes.map((one): [string, Told] => {
      const definition = registry.get(one.node.type);
      const { type } = one.node;
      const state = one.muted ? 'muted' : 'in use';
      return [one.id, { title: titles.get(one.id)!, type: { is: type, text: definition?.title ?? type }, state: { is: state, text: state }, params: one.muted ? {} : paramsOf(one.node, definition, epochs), inputs: {} }];
    }),
  );
  const source = (end: End): Fact => ({ is: formatEnd(end), text: `${titles.get(end.node) ?? end.node}: ${end.socket}` });
  for (const { from, to } of edges) {
    const inputs = told.get(to.node)?.inputs;
    if (inputs) inputs[to.socket] = source(from);
  }
  return told;
}

/** Titles of the instances that a node lies in, from the document on. */
function instancesOf(id: string, document: GraphDocument): string[] {
  const titles: string[] = [];
  let wiring: Pick<GraphDocument, 'nodes'> | undefined = document;
  for (const instance of id.split('/').slice(0, -1)) {
    const node: GraphNode | undefined = wiring?.nodes[instance];
    wiring = document.subgraphs?.[node?.of ?? ''];
    titles.push(node?.title ?? document.subgraphs?.[node?.of ?? '']?.title ?? instance);
  }
  return titles;
}

function paramsOf({ params }: GraphNode, definition: AnyNodeDefinition | undefined, epochs: number | null): Record<string, Fact> {
  const declared = (definition?.params ?? {}) as Record<string, Param<unknown> | undefined>;
  const known = Object.entries(paramsAsRun(definition, params, epochs)).filter(([name]) => !declared[name]?.cosmetic);
  return Object.fromEntries(known.map(([name, value]) => [name, { is: compactJson(value), text: inWords(value, declared[name]?.control) }]));
}

/** As somebody would say it: with its unit, a choice by its title, a list with commas. */
function inWords(value: unknown, control: Control | undefined): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.map((one) => inWords(one, control)).join(', ') || 'none';
  if (typeof value === 'number') return control && 'unit' in control && control.unit ? `${value} ${control.unit}` : String(value);
  if (typeof value !== 'string') return compactJson(value);
  const option = control && 'options' in control ? control.options.find((one) => one.value === value) : undefined;
  return option?.title ?? (value || 'empty');
}
