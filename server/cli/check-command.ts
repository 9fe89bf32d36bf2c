import { Command } from 'commander';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import { Captions } from '../compiler/captions.ts';
import { checkWhole } from '../compiler/check-whole.ts';
import { check, type Checked, type CheckedNode } from '../compiler/check.ts';
import type { GraphDocument } from '../graph/document.ts';
import { identityOf } from '../graph/identity.ts';
import type { Registry } from '../graph/registry.ts';
import { weightsProblems } from '../runs/weights-problems.ts';
import { openWeightsRegistry } from '../weights/registry.ts';
import { coloursOf } from './colours.ts';
import { readGraphFile } from './graph-file.ts';
import { describeError, exitCode, fail, printJson, writeProblem } from './output.ts';
import { packsHere } from './packs-here.ts';
import { pluginOption } from './plugin-option.ts';
import { quantity } from './quantity.ts';
import { table } from './table.ts';

/** `stillroom check GRAPH`. */
export function checkCommand(): Command {
  return new Command('check')
    .description('Check a graph document: every problem with its place, every node with its shapes and costs')
    .argument('<graph>', 'graph document, such as graphs/dual-model.json')
    .addOption(pluginOption())
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action((file: string, { json = false, plugin = [] }: { json?: boolean; plugin?: string[] }) => run(file, json, plugin));
}

const help = `
Exits with 0 where the graph can be run, with 1 where it has errors; all of them are told.
Needs no engine. Shapes are height×width×channels, /8 the stride on the image.

  $ stillroom check graphs/dual-model.json
  $ stillroom check graphs/dual-model.json --json | jq '.nodes[].cost.parameters'`;

async function run(file: string, json: boolean, plugins: readonly string[]): Promise<void> {
  try {
    const { packs, registry } = await packsHere(plugins);
    const { document, warnings } = await readGraphFile(file, registry);
    const checked = check(document, registry);
    const { problems, error: uncompiled } = checkWhole(checked);
    const unreached = await weightsProblems(checked.nodes.values(), await openWeightsRegistry(packs));
    const error = uncompiled ?? errorOf(unreached);
    problems.unshift(...warnings);
    const captions = new Captions(registry);
    const described = describeNodes([...checked.nodes.values()], captions);
    problems.push(...unreached, ...captions.problems);
    if (error) process.exitCode = exitCode.problem;
    if (json) printJson({ ...(error ? { error: describeError(error) } : {}), ...asJson(document, checked, problems, registry) });
    else process.stdout.write(`${coloursOf(process.stdout).bold(document.name)}\n\n${described}\n\n`);
    problems.forEach(writeProblem);
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    if (errors > 0) process.stderr.write(`${file}: ${errors} ${errors === 1 ? 'error' : 'errors'}\n`);
    else if (!json) process.stdout.write(`${coloursOf(process.stdout).green('ok')}: ${file} can be run\n`);
  } catch (error) {
    fail(error, json);
  }
}

/** What a run would say of problems that are errors. */
function errorOf(problems: readonly Problem[]): StillroomError | undefined {
  const [first] = problems;
  if (!first) return undefined;
  const { code, message, severity: _, ...place } = first;
  return new StillroomError(code, message, { ...place, problems });
}

function describeNodes(nodes: readonly CheckedNode[], captions: Captions): string {
  const sum = (key: keyof CheckedNode['cost']): string => quantity(nodes.reduce((n, { cost }) => n + cost[key], 0));
  return table(
    ['node', 'type', 'gives', 'parameters', 'mult-adds', 'activations'],
    [
      ...nodes.map(({ id, definition, outputs, cost }) => [
        id,
        definition.type,
        Object.entries(outputs).map(([socket, signal]) => `${socket} ${captions.of(signal, { node: id, socket })}`).join(', '),
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

function asJson(document: GraphDocument, { nodes }: Checked, problems: readonly Problem[], registry: Registry) {
  return {
    ok: problems.every(({ severity }) => severity !== 'error'),
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
