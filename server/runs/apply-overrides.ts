import { StillroomError, type FitSettings, type Params } from '../../plugins/sdk/index.ts';
import type { Plan } from '../compiler/plan.ts';
import type { GraphDocument } from '../graph/document.ts';
import { didYouMean } from '../graph/nearest.ts';
import type { Registry } from '../graph/registry.ts';

/** `--set node.param=value`: the value is JSON where it reads as JSON, text otherwise. */
export function parseSetting(text: string): { node: string; param: string; value: unknown } {
  const match = /^(?<path>[^=]+)=(?<value>.*)$/s.exec(text);
  const path = match?.groups?.['path'] ?? '';
  const dot = path.indexOf('.');
  if (!match || dot < 1 || dot === path.length - 1) {
    throw new StillroomError('bad-setting', `expected node.param=value, found "${text}"`, {
      hint: 'for example --set fit-student.learningRate=0.001',
    });
  }
  return { node: path.slice(0, dot), param: path.slice(dot + 1), value: asJson(match.groups!['value']!) };
}

/** The document with parameters set; unknown nodes and parameters are located errors, values are checked later. */
export function applySettings(
  document: GraphDocument,
  settings: readonly { node: string; param: string; value: unknown }[],
  registry: Registry,
): GraphDocument {
  const nodes = { ...document.nodes };
  for (const { node: id, param, value } of settings) {
    const node = Object.hasOwn(nodes, id) ? nodes[id] : undefined;
    if (!node) {
      throw new StillroomError('unknown-node', `expected a node of the graph, found none named "${id}"`, {
        node: id,
        hint: naming(id, Object.keys(document.nodes), 'the graph has'),
      });
    }
    const declared = registry.get(node.type)?.params as Params | undefined;
    // A sub-graph's parameters are those of its inner nodes; `check` knows them.
    if (declared && !Object.hasOwn(declared, param)) {
      throw new StillroomError('unknown-parameter', `expected a parameter of ${node.type}, found "${param}"`, {
        node: id,
        field: param,
        hint: naming(param, Object.keys(declared), 'it has'),
      });
    }
    nodes[id] = { ...node, params: { ...node.params, [param]: value } };
  }
  return { ...document, nodes };
}

/** The plan with every fit running so many epochs. */
export function withEpochs(plan: Plan, epochs: number | null): Plan {
  if (epochs === null) return plan;
  const set = (settings: FitSettings): FitSettings => ({ ...settings, epochs });
  return { ...plan, fits: plan.fits.map((fit) => ({ ...fit, settings: set(fit.settings) })) };
}

/** What was probably meant, and all that there is. */
function naming(name: string, known: readonly string[], have: string): string {
  const all = `${have} ${known.join(', ') || 'none'}`;
  return [didYouMean(name, known, ''), all].filter(Boolean).join(' ');
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
