import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { StillroomError, uninspectedShare, type Threshold } from '../../plugins/sdk/index.ts';
import { ensureEngine } from '../engine/ensure.ts';
import { loadEngine } from '../engine/load.ts';
import type { Registry } from '../graph/registry.ts';
import { openFinishedRun, type FinishedRun } from '../predict/finished-run.ts';
import { imagesFrom, imagesNamed, standardInput, type Named } from '../predict/image-paths.ts';
import { mapFormats, mapWriter, type MapFormat, type MapWriter } from '../predict/map-file.ts';
import { failureOf, predictionOf, scoreNames, verdictOf, type Failure, type Prediction } from '../predict/prediction.ts';
import { openRowFile, rowsTo, type RowSink } from '../predict/row-file.ts';
import { batchFor, scoreImages } from '../predict/score-images.ts';
import { compilerWithCache } from '../runs/program-cache.ts';
import { collectWeights } from './collect-weights.ts';
import { coloursOf } from './colours.ts';
import { engineProgress } from './engine-progress.ts';
import { describeError, fail, printJson } from './output.ts';
import { packsHere } from './packs-here.ts';
import { perform, type Work } from './perform.ts';
import { csvRows, jsonRows, tableRows, type RowFormat } from './predict-rows.ts';
import { uninspectedNote } from './run-result.ts';
import { oneOf, wholeNumber } from './usage.ts';

interface PredictOptions {
  category?: string;
  batch: number;
  csv?: string;
  jsonl?: string;
  json?: boolean;
  maps?: string;
  mapFormat: MapFormat;
  mapScale?: { low: number; high: number };
  weights?: Record<string, string>;
  mode: 'native' | 'eager';
  strict?: boolean;
  offline?: boolean;
}

/** `stillroom predict RUN IMAGES…`. */
export function predictCommand(): Command {
  return new Command('predict')
    .description('Score images with a finished run, and call them normal or anomalous at its threshold')
    .argument('<run>', 'run folder, as `stillroom run` wrote it')
    .argument('<images...>', 'files, folders (with all below them), globs, or - for paths on standard input, a line each')
    .option('--category <name>', 'the category that the images are of; may be left out where the run has one')
    .option('--batch <n>', 'images, or tiles, that are computed at once', wholeNumber(1), 8)
    .option('--csv <file>', 'write a table of all results; - for standard output')
    .option('--jsonl <file>', 'write a line of JSON for each image; - for standard output')
    .option('--json', 'write one JSON document to standard output')
    .option('--maps <dir>', 'write the anomaly map of each image, in the coordinates of the image')
    .option('--map-format <format>', 'png (picture), png16 (16 bits on one scale), npy (float32 as it is)', oneOf(mapFormats), 'png')
    .option('--map-scale <low,high>', 'values that the ends of the scale stand for (default: those of the run)', scaleOf)
    .option('--weights <arch=file>', 'where weights of a backbone lie now; they must be those of the run; may be repeated', collectWeights)
    .option('--strict', 'fail if any image cannot be scored; else only if none can')
    .option('--mode <mode>', 'native (graphs), or eager (op by op, the slow reference)', oneOf(['native', 'eager']), 'native')
    .option('--offline', 'fetch nothing')
    .addHelpText('after', help)
    .action(execute);
}

const help = `
Results come in the order of the images, as they are scored. An image that cannot be read has
its error in its row and stops nothing. A file that is written has its name once it is whole:
interrupted, none is left half-written.

  $ stillroom predict runs/bottle new/*.png
  $ stillroom predict runs/bottle new --csv scores.csv --maps maps
  $ stillroom predict runs/bottle new --maps maps --map-format npy --json > result.json
  $ camera | stillroom predict runs/bottle - --jsonl -`;

async function execute(folder: string, args: string[], options: PredictOptions): Promise<void> {
  const json = options.json ?? false;
  await perform(json, async (work) => {
    refuseSharedOutput(options);
    const { registry, packs } = await packsHere();
    const run = await openFinishedRun(resolve(folder), {
      registry,
      packs,
      ...(options.category === undefined ? {} : { category: options.category }),
      weights: options.weights ?? {},
      offline: options.offline ?? false,
      onProgress: engineProgress(work.drawer),
    });
    await predictAll(run, registry, args, options, work);
  });
}

async function predictAll(run: FinishedRun, registry: Registry, args: readonly string[], options: PredictOptions, work: Work): Promise<void> {
  const { drawer, signal } = work;
  const { images, count } = await findImages(args, signal);
  const maps = options.maps === undefined ? null : mapWriter(run, options.maps, options.mapFormat, options.mapScale ?? null);
  const engine = await (options.offline ? loadEngine() : ensureEngine(engineProgress(drawer)));
  const compile = compilerWithCache(engine, run.plan, registry, options.mode);
  drawer.end();
  const batch = batchFor(run, count, options.batch);
  const outputs = await openOutputs(run, options);
  const results: (Prediction | Failure)[] = [];
  const tally = { images: 0, anomalous: 0, normal: 0, failed: 0 };
  work.savesOnInterrupt();
  try {
    for await (const scored of scoreImages(run, images, { compile, batch, asTheyCome: count === null, signal })) {
      const result = 'error' in scored ? failureOf(scored) : predictionOf(run, scored);
      if (maps && !('error' in scored) && !('error' in result)) {
        const { file, saturated } = await maps.write(scored);
        Object.assign(result, { map: file, ...(saturated === undefined ? {} : { saturated }) });
      }
      countIn(tally, result);
      if (options.json) results.push(result);
      for (const { format, to } of outputs) await to.write(format.row(result));
    }
    for (const { to } of outputs) await to.end();
  } catch (error) {
    for (const { to } of outputs) await to.abandon();
    throw error;
  }
  conclude(run, options, maps, results, tally);
}

type Tally = { images: number; anomalous: number; normal: number; failed: number };

function countIn(tally: Tally, result: Prediction | Failure): void {
  tally.images++;
  if ('error' in result) tally.failed++;
  else if (result.anomalous !== null) tally[result.anomalous ? 'anomalous' : 'normal']++;
}

/** The images, and how many they are; null where nobody knows, as they come from standard input. */
async function findImages(args: readonly string[], signal: AbortSignal): Promise<{ images: AsyncIterable<Named>; count: number | null }> {
  const named = await imagesNamed(args.filter((arg) => arg !== standardInput));
  const fromInput = args.includes(standardInput);
  async function* all(): AsyncGenerator<Named> {
    yield* named;
    if (fromInput) yield* imagesFrom(process.stdin, signal);
  }
  return { images: all(), count: fromInput ? null : named.length };
}

interface Output {
  format: RowFormat;
  to: RowSink;
}

/** A table for a person, unless standard output is taken by what a machine reads. */
async function openOutputs(run: FinishedRun, { csv, jsonl, json }: PredictOptions): Promise<Output[]> {
  const scores = scoreNames(run);
  const open = (file: string): RowSink | Promise<RowSink> => (file === '-' ? rowsTo(process.stdout) : openRowFile(file));
  const outputs: Output[] = [];
  if (csv !== undefined) outputs.push({ format: csvRows(scores), to: await open(csv) });
  if (jsonl !== undefined) outputs.push({ format: jsonRows, to: await open(jsonl) });
  if (!json && csv !== '-' && jsonl !== '-') {
    process.stdout.write(`\n${about(run)}\n\n`);
    outputs.push({ format: tableRows(scores), to: rowsTo(process.stdout) });
  }
  for (const { format, to } of outputs) if (format.head) await to.write(format.head);
  return outputs;
}

function conclude(run: FinishedRun, options: PredictOptions, maps: MapWriter | null, images: readonly (Prediction | Failure)[], tally: Tally): void {
  const error = problemOf(tally, options.strict ?? false);
  if (options.json) {
    printJson({ ...described(run, maps), images, summary: tally, ...(error ? { error: describeError(error) } : {}) });
    if (error) fail(error);
    return;
  }
  const stream = options.csv === '-' || options.jsonl === '-' ? process.stderr : process.stdout;
  stream.write(`\n${summary(tally)}\n`);
  if (maps) stream.write(`maps of ${maps.result}: ${options.maps}${maps.scale ? `, from ${maps.scale.low} to ${maps.scale.high}` : ''}\n`);
  const shares = run.plan.predict.sinks.map(({ source }) => uninspectedShare(source.geometry));
  for (const line of [...uninspectedNote(shares), ...run.cautions]) stream.write(`${line}\n`);
  if (error) fail(error);
}

function problemOf({ images, failed }: Tally, strict: boolean): StillroomError | null {
  if (failed === 0 || (failed < images && !strict)) return null;
  return new StillroomError('images-failed', `expected images that can be scored, found ${failed} of ${images} that cannot`, {
    hint: 'each says why in its row',
  });
}

function described(run: FinishedRun, maps: MapWriter | null): Record<string, unknown> {
  const { folder, graph, category, cautions } = run;
  return {
    run: folder,
    graph,
    category,
    verdict: verdictOf(run),
    thresholds: Object.fromEntries([...run.thresholds].map(([name, { observed: _, ...threshold }]) => [name, threshold])),
    maps: maps && { result: maps.result, format: maps.format, scale: maps.scale },
    cautions,
  };
}

/** What verdicts go by. */
function about(run: FinishedRun): string {
  const { bold } = coloursOf(process.stdout);
  const name = verdictOf(run);
  const { value, rule, images } = (name === null ? {} : run.thresholds.get(name)!) as Threshold;
  const verdict = name === null ? 'no verdicts: the graph has no threshold' : `anomalous where ${name} is at least ${value.toPrecision(6)} (${rule}, ${images} images)`;
  return `${bold(`${run.graph}, ${run.category}`)}: ${verdict}`;
}

function summary({ images, anomalous, normal, failed }: Tally): string {
  const judged = anomalous + normal > 0 ? `: ${anomalous} anomalous, ${normal} normal` : '';
  return `${images} ${images === 1 ? 'image' : 'images'}${judged}${failed ? `, ${failed} could not be scored` : ''}`;
}

function refuseSharedOutput({ csv, jsonl, json }: PredictOptions): void {
  const taken = [csv === '-' && '--csv -', jsonl === '-' && '--jsonl -', json && '--json'].filter(Boolean);
  if (taken.length < 2) return;
  throw new StillroomError('bad-usage', `expected one kind of result on standard output, found ${taken.join(' and ')}`, {
    hint: 'give the others the name of a file',
  });
}

function scaleOf(text: string): { low: number; high: number } {
  const [low, high, ...rest] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (Number.isFinite(low) && Number.isFinite(high) && low! < high! && rest.length === 0) return { low: low!, high: high! };
  throw new InvalidArgumentError('expected two numbers, the lower one first, such as 0,2.5');
}
