import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { ensureEngine } from '../engine/ensure.ts';
import { loadEngine } from '../engine/load.ts';
import { checkWeights, type WeightsCheck } from '../weights/check/check-weights.ts';
import { describeCheck } from '../weights/check/describe-check.ts';
import { drawFilters } from '../weights/check/filter-sheet.ts';
import type { FirstLayer } from '../weights/check/first-layer.ts';
import { coverageProblems } from '../weights/coverage-problems.ts';
import { noneThere } from '../weights/none-there.ts';
import { readState } from '../weights/read-state.ts';
import { recogniseArchitecture } from '../weights/recognise.ts';
import { openWeightsRegistry, type WeightsRegistry } from '../weights/registry.ts';
import { resolveWeights, type ResolvedWeights } from '../weights/resolve.ts';
import type { StateDict } from '../weights/state-dict.ts';
import { coloursOf } from './colours.ts';
import { engineProgress } from './engine-progress.ts';
import { printJson, writeProblem } from './output.ts';
import { packsHere } from './packs-here.ts';
import { perform } from './perform.ts';
import { table } from './table.ts';

interface CheckOptions {
  arch?: string;
  sheet?: string;
  offline?: boolean;
  json?: boolean;
}

/** `stillroom weights check`. */
export function weightsCheckCommand(): Command {
  return new Command('check')
    .description('Try weights on generated images: what each stage gives, and what looks wrong')
    .argument('<weights>', 'name of registered weights, or a file of them')
    .option('--arch <name>', 'what a file holds weights of; found out by looking unless given')
    .option('--sheet <file>', 'draw the filters of the first layer into this PNG', pngName)
    .option('--offline', 'fetch nothing')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(check);
}

const help = `
Says whether weights look untrained, want another normalisation, or take blue first, and what
cannot be told of them. That is a judgement, so it warns and does not fail.

  $ stillroom weights check resnet18.torchvision
  $ stillroom weights check trunk.safetensors --arch resnet18 --sheet filters.png`;

async function check(nameOrFile: string, { arch, sheet, offline = false, json = false }: CheckOptions): Promise<void> {
  await perform(json, async ({ drawer }) => {
    const onProgress = engineProgress(drawer);
    const { packs } = await packsHere();
    const registry = await openWeightsRegistry(packs);
    const { architecture, ...read } = arch === undefined ? await recognised(registry, nameOrFile) : { architecture: arch };
    const weights = await resolveWeights(registry, architecture, nameOrFile, { offline, onProgress, ...read });
    const engine = await (offline ? loadEngine() : ensureEngine(onProgress));
    const found = checkWeights(engine, packs, registry, weights);
    if (sheet !== undefined) await writeSheet(found.firstLayer, sheet, weights.file);
    drawer.end();
    const problems = [...coverageProblems(found, weights.file), ...found.problems];
    problems.forEach(writeProblem);
    if (json) printJson({ ...describeCheck(weights, { ...found, problems }), ...(sheet === undefined ? {} : { sheet: resolve(sheet) }) });
    else print(weights, found, sheet);
  });
}

/** What weights are of: as registered, or found out by reading the file. */
async function recognised(registry: WeightsRegistry, nameOrFile: string): Promise<{ architecture: string; state?: StateDict }> {
  const named = registry.entries.find(({ name }) => name === nameOrFile);
  if (named) return { architecture: named.architecture };
  if (existsSync(nameOrFile)) {
    const state = await readState(nameOrFile, registry.readers);
    return { architecture: recogniseArchitecture(registry, state, nameOrFile).name, state };
  }
  throw noneThere(nameOrFile, 'a name of weights or a file', registry.entries.map(({ name }) => name).join(', '));
}

async function writeSheet(firstLayer: FirstLayer | undefined, sheet: string, file: string): Promise<void> {
  if (!firstLayer) {
    throw new StillroomError('no-filters', 'expected a first convolution of three channels to draw, found none', {
      file,
      hint: 'leave --sheet out',
    });
  }
  const png = await drawFilters(firstLayer);
  await writeFileAtomically(sheet, (handle) => handle.writeFile(png));
}

function print({ entry, file, sha256 }: ResolvedWeights, found: WeightsCheck, sheet: string | undefined): void {
  const { bold, dim } = coloursOf(process.stdout);
  const { mean, deviation } = entry.normalisation;
  const paragraphs = [
    [
      `${bold(entry.name)}  ${entry.title}`,
      `file: ${file}, SHA-256 ${sha256.slice(0, 16)}…`,
      `names as by ${found.keyMap}; batch-norm ${found.form === 'plain' ? 'as it is' : 'folded into the convolutions'}`,
      ...(found.reaches === null ? [] : [`complete to ${found.reaches}: there is nothing of the stages after it`]),
      `input as declared: RGB 0–1, mean ${mean.join(' ')}, deviation ${deviation.join(' ')}`,
    ],
    [
      'What stages give for generated images with the statistics of photographs:',
      table(
        ['stage', 'size', 'mean', 'deviation', 'largest', 'zeros', 'dead channels', 'not finite'],
        found.stages.map(({ stage, shape, mean, deviation, largest, zeros, deadChannels, notFinite }) => [
          stage,
          shape.join('×'),
          ...[mean, deviation, largest].map((value) => value.toPrecision(3)),
          `${(100 * zeros).toFixed(1)} %`,
          String(deadChannels),
          String(notFinite),
        ]),
        [2, 3, 4, 5, 6, 7],
      ),
    ],
    found.firstLayer ? firstLayerText(found.firstLayer) : [],
    found.fits.length ? ['What its batch-norm has seen against photographs as input (0 nat: the same):', fitTable(found)] : [],
    [
      found.problems.length ? `${found.problems.length === 1 ? 'One thing looks' : `${found.problems.length} things look`} wrong: see the warnings.` : 'Nothing looks wrong.',
      ...found.untold.map((sentence) => dim(`not told: ${sentence}`)),
    ],
    sheet === undefined ? [] : [`filters: ${sheet}`],
  ];
  process.stdout.write(`${paragraphs.filter(({ length }) => length).map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

function firstLayerText({ name, kernel, filters, dead, autocorrelation, firstHeavier, thirdHeavier }: FirstLayer): string[] {
  return [
    `First layer ${name}: ${filters.length} filters of ${kernel}×${kernel}, ${dead} of them dead`,
    ...(autocorrelation ? [`neighbouring numbers correlate by ${autocorrelation.value.toFixed(2)} (noise: 0 ± ${autocorrelation.error.toFixed(2)}; trained: 0.25 and more)`] : []),
    `${firstHeavier} filters weigh the first channel more than the third, ${thirdHeavier} the third more`,
  ];
}

/** The declared form, and the likeliest ones. */
function fitTable({ fits: [declared, ...known] }: WeightsCheck): string {
  const shown = [declared!, ...known.sort((a, b) => a.divergence - b.divergence).slice(0, 4)];
  const rows = shown.map(({ form, divergence, ratio }) => [form.name, form.order, divergence.toFixed(3), ratio.toPrecision(3)]);
  return table(['input', 'order', 'nat apart', 'deviation ÷ seen'], rows, [2, 3]);
}

function pngName(text: string): string {
  if (/\.png$/i.test(text)) return text;
  throw new InvalidArgumentError('expected a name that ends in .png');
}
