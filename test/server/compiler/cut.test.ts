import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProblem, StillroomError } from '../../../plugins/sdk/problem.ts';
import { pack as training } from '../../../plugins/training/index.ts';
import { compile, type Compiled } from '../../../server/compiler/index.ts';
import { refName, type Part } from '../../../server/compiler/plan.ts';
import { parseGraph } from '../../../server/graph/parse.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { cutPack } from './cut-pack.ts';

/**
 * Each folder in `cut/` is a document and what becomes of it: `graph.json`, `expected.json`. A part reads
 * `what it is given | the nodes that run | what is wanted`.
 */
const cases = new URL('cut/', import.meta.url);
const registry = createRegistry([cutPack, training]);

describe('the three programs of a graph', () => {
  it.each(readdirSync(cases))('%s', (name) => {
    const { document, problems } = parseGraph(readFileSync(new URL(`${name}/graph.json`, cases), 'utf8'));
    expect(problems).toEqual([]);
    const expected = JSON.parse(readFileSync(new URL(`${name}/expected.json`, cases), 'utf8')) as unknown;
    expect(outcome(() => compile(document!, registry))).toEqual(expected);
  });
});

function outcome(make: () => Compiled): unknown {
  try {
    return summary(make());
  } catch (error) {
    if (!(error instanceof StillroomError)) throw error;
    return { errors: error.problems.map((problem) => `${problem.code}: ${formatProblem(problem)}`) };
  }
}

function summary({ plan, warnings }: Compiled): unknown {
  return {
    dataset: `${plan.dataset.node}, ${plan.dataset.source.validationShare}`,
    sources: plan.sources.map(({ value, geometry }) => `${refName(value)}: ${geometry.mode === 'crop' ? geometry.resize.join('×') : geometry.mode}, ${geometry.size.join('×')}`),
    nodes: [...plan.nodes.keys()].join(' '),
    fits: Object.fromEntries(
      plan.fits.map(({ node, trained, frozen, step }) => [
        node,
        { trained: trained.join(' '), frozen: frozen && text(frozen), step: text(step) },
      ]),
    ),
    calibrations: plan.calibrations.map(({ images, calibrations, part }) => ({
      [`${calibrations.map(({ node }) => node.id).join(' ')}, on ${images}`]: text(part),
    })),
    predict: text(plan.predict.part),
    results: Object.fromEntries(
      plan.predict.sinks.map(({ name, kind, value, source }) => [name, `${kind} ${refName(value)} of ${refName(source.value)}`]),
    ),
    warnings: warnings.map((problem) => `${problem.severity} ${problem.code}: ${formatProblem(problem)}`),
  };
}

function text({ inputs, nodes, outputs }: Part): string {
  return [inputs.map(refName), nodes.map(({ id }) => id), outputs.map(refName)].map((names) => names.join(' ')).join(' | ');
}
