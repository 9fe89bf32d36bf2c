import { Command } from 'commander';
import { describeSignal } from '../../plugins/sdk/signal.ts';
import { formatProblem, type Problem } from '../../plugins/sdk/problem.ts';
import { check, type Checked, type CheckedNode } from '../compiler/check.ts';
import type { GraphDocument } from '../graph/document.ts';
import { identityOf } from '../graph/identity.ts';
import { createRegistry, type Registry } from '../graph/registry.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import { coloursOf } from './colours.ts';
import { readGraphFile } from './graph-file.ts';
import { exitCode, fail, printJson } from './output.ts';
import { quantity } from './quantity.ts';
import { table } from './table.ts';

/** `stillroom check GRAPH`. */
export function checkCommand(): Command {
  return new Command('check')
    .description('Check a graph document: every problem with its place, every node with its shapes and costs')
    .argument('<graph>', 'graph document, such as graphs/dual-model.json')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', '\nExits with 0 where the graph can be run, with 1 where it has errors. Needs no engine.')
    .action((file: string, { json = false }: { json?: boolean }) => run(file, json));
}

async function run(file: string, json: boolean): Promise<void> {
  try {
    const registry = createRegistry(builtinPacks);
    const { document, warnings } = await readGraphFile(file, registry);
    const checked = check(document, registry);
    const problems = [...warnings, ...checked.problems];
    if (!checked.ok) process.exitCode = exitCode.problem;
    if (json) printJson(asJson(document, checked, problems, registry));
    else print(file, document, checked, problems);
  } catch (error) {
    fail(error, json);
  }
}

function print(file: string, document: GraphDocument, checked: Checked, problems: readonly Problem[]): void {
  const { bold, green } = coloursOf(process.stdout);
  const { red, yellow } = coloursOf(process.stderr);
  process.stdout.write(`${bold(document.name)}\n\n${describeNodes([...checked.nodes.values()])}\n\n`);
  for (const problem of problems) {
    const severity = problem.severity === 'error' ? red('error') : yellow('warning');
    process.stderr.write(`${severity}: ${formatProblem(problem)}\n`);
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) process.stdout.write(`${green('ok')}: ${file} can be run\n`);
  else process.stderr.write(`${file}: ${errors} ${errors === 1 ? 'error' : 'errors'}\n`);
}

function describeNodes(nodes: readonly CheckedNode[]): string {
  const sum = (key: keyof CheckedNode['cost']): string => quantity(nodes.reduce((n, { cost }) => n + cost[key], 0));
  return table(
    ['node', 'type', 'gives', 'parameters', 'mult-adds', 'activations'],
    [
      ...nodes.map(({ id, definition, outputs, cost }) => [
        id,
        definition.type,
        Object.entries(outputs).map(([socket, signal]) => `${socket} ${describeSignal(signal)}`).join(', '),
        quantity(cost.parameters),
        quantity(cost.multiplyAdds),
        bytes(quantity(cost.activationBytes)),
      ]),
      ['sum', '', '', sum('parameters'), sum('multiplyAdds'), bytes(sum('activationBytes'))],
    ],
    [3, 4, 5],
  );
}

const bytes = (n: string): string => (n === '–' ? n : `${n.replace(/(\d)$/, '$1 ')}B`);

function asJson(document: GraphDocument, { ok, nodes }: Checked, problems: readonly Problem[], registry: Registry): unknown {
  return {
    ok,
    name: document.name,
    identity: identityOf(document, registry),
    problems,
    nodes: [...nodes.values()].map(({ id, definition, params, inputs, outputs, cost }) => ({
      id,
      type: definition.type,
      version: definition.version,
      params,
      inputs,
      outputs,
      cost,
    })),
  };
}
