import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { addWeights } from '../weights/add.ts';
import { coverageProblems } from '../weights/coverage-problems.ts';
import { describeWeights, isDefault } from '../weights/describe-weights.ts';
import { openWeightsRegistry, type RegisteredWeights, type WeightsRegistry } from '../weights/registry.ts';
import { weightsFile } from '../weights/resolve.ts';
import { coloursOf } from './colours.ts';
import { fail, printJson, writeProblem } from './output.ts';
import { packsHere } from './packs-here.ts';
import { table } from './table.ts';
import { weightsCheckCommand } from './weights-check-command.ts';

/** `stillroom weights list`, `stillroom weights add NAME --file FILE` and `stillroom weights check NAME`. */
export function weightsCommand(): Command {
  const weights = new Command('weights')
    .description('Pretrained weights: which there are, your own, and whether they look right')
    .addHelpText('after', afterHelp);
  weights
    .command('list')
    .description('List the weights that can be named, by architecture')
    .option('--json', 'write one JSON document to standard output')
    .action(({ json = false }: { json?: boolean }) => list(json));
  weights
    .command('add')
    .description('Keep a copy of a file of weights under a name')
    .argument('<name>', 'name to use it by, such as resnet18.mine')
    .requiredOption('--file <file>', 'safetensors, PyTorch (.pth, .pt) or NumPy (.npz, folder of .npy) file of a state dict')
    .option('--architecture <name>', 'what it holds weights of; found out by looking unless given')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', addHelp)
    .action((name: string, options: AddOptions) => add(name, options));
  return weights.addCommand(weightsCheckCommand());
}

const afterHelp = `
Weights of a run are chosen by name or file. What is not here yet is fetched when it is
first used, and kept in the cache. Only \`check\` needs the engine.

  $ stillroom weights list
  $ stillroom run graphs/shallow.json --data DIR --weights resnet18=resnet18.torchvision
  $ stillroom run graphs/shallow.json --data DIR --weights resnet18=./trunk.safetensors`;

const addHelp = `
The file is read, found to fit an architecture, and copied; the graph need not change.

  $ stillroom weights add resnet18.mine --file resnet18-f37072fd.pth
  $ stillroom run graphs/shallow.json --data DIR --weights resnet18=resnet18.mine`;

interface AddOptions {
  file: string;
  architecture?: string;
  json?: boolean;
}

async function list(json: boolean): Promise<void> {
  try {
    const registry = await openWeightsRegistry((await packsHere()).packs);
    if (json) printJson(registry.entries.map((entry) => describeWeights(entry, registry)));
    else print(registry);
  } catch (error) {
    fail(error, json);
  }
}

function print(registry: WeightsRegistry): void {
  const { bold, dim, yellow } = coloursOf(process.stdout);
  const blocks = [...registry.architectures.values()].map(({ name, title }) => {
    const entries = registry.entries.filter((entry) => entry.architecture === name);
    const rows = entries.map((entry) => [
      entry.name,
      [isDefault(entry, registry) ? 'default' : '', whereabouts(entry)].filter(Boolean).join(', '),
      entry.licence,
      entry.title,
    ]);
    const cautions = entries.flatMap((entry) => (entry.caution ? [`${entry.name}: ${entry.caution}`] : []));
    return [
      bold(`${name}`) + `  ${title}`,
      (rows.length ? table(['name', 'here', 'licence', ''], rows) : 'none').replace(/^/gm, '  '),
      ...inputsOf(entries).map((input) => `  ${dim(input)}`),
      ...cautions.map((caution) => `  ${yellow('caution')}: ${caution}`),
    ].join('\n');
  });
  process.stdout.write(`${blocks.join('\n\n')}\n`);
}

/** What networks with these weights expect to see; by name where they differ. */
function inputsOf(entries: readonly RegisteredWeights[]): string[] {
  const named = new Map<string, string[]>();
  for (const { name, normalisation, padding } of entries) {
    const { mean, deviation } = normalisation;
    const input = `RGB 0–1, mean ${mean.join(' ')}, deviation ${deviation.join(' ')}, padding as ${padding === 'torch' ? 'PyTorch' : 'TensorFlow'}`;
    named.set(input, [...(named.get(input) ?? []), name]);
  }
  return [...named].map(([input, names]) => (named.size > 1 ? `input of ${names.join(', ')}: ${input}` : `input: ${input}`));
}

async function add(name: string, { file, architecture, json = false }: AddOptions): Promise<void> {
  try {
    const registry = await openWeightsRegistry((await packsHere()).packs);
    const added = await addWeights(registry, name, file, architecture === undefined ? {} : { architecture });
    const { entry, ...coverage } = added;
    coverageProblems(coverage, file).forEach(writeProblem);
    if (json) printJson({ ...describeWeights(entry, registry), ...coverage });
    else {
      const use = `stillroom run GRAPH --weights ${entry.architecture}=${name}`;
      process.stdout.write(`Added ${name} (${entry.title}); use it by \`${use}\`\n`);
    }
  } catch (error) {
    fail(error, json);
  }
}

function whereabouts(entry: RegisteredWeights): string {
  if (existsSync(weightsFile(entry))) return entry.source.kind === 'bundled' ? 'shipped' : 'yes';
  return entry.source.kind === 'bundled' || entry.source.kind === 'file' ? 'missing' : 'fetched on use';
}
