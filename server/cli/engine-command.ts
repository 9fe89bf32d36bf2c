import { Command, Option } from 'commander';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { findEngine } from '../engine/find.ts';
import { loadEngine } from '../engine/load.ts';
import type { EngineLocation } from '../engine/location.ts';
import { describeEngine, proveEngine } from '../engine/prove.ts';
import type { DeviceProof, EngineDescription } from '../engine/prove.ts';
import { provisionEngine } from '../engine/provision.ts';
import { coloursOf } from './colours.ts';
import { engineProgress } from './engine-progress.ts';
import { fail, printJson } from './output.ts';
import { perform } from './perform.ts';

/** `stillroom engine` and `stillroom engine install`. */
export function engineCommand(): Command {
  const engine = new Command('engine')
    .description('Show the TensorFlow library in use and prove it by computing')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', afterHelp)
    // Anything that is not `install` comes to here, since `stillroom engine` alone does something.
    .allowExcessArguments()
    .action(({ json = false }: { json?: boolean }, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) command.error(`error: unknown command '${unknown}'\n(Did you mean install?)`);
      return show(json);
    });
  engine
    .command('install')
    .description('Fetch, build and prove the engine; what is there already is kept')
    .addOption(new Option('--gpu', 'for an NVIDIA GPU (the default where the driver shows one)').conflicts('cpu'))
    .option('--cpu', 'for the processor, GPU or not')
    .option('--from <dir>', 'use what this directory holds: an engine, TensorFlow, or its wheel')
    .option('--again', 'make it again even where there is one')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', installHelp)
    .action((_options, command: Command) => install(command.optsWithGlobals<InstallOptions>()));
  return engine;
}

const afterHelp = `
The engine is looked for in this order:
  1. the directory that $STILLROOM_ENGINE names
  2. the directory chosen by \`stillroom engine install --from DIR\`
  3. what was provisioned earlier, in the cache directory ($STILLROOM_CACHE)
A machine that has none gets one by \`stillroom engine install\`, or by the first run.

  $ stillroom engine              which library, why this one, and what it computes per second
  $ TF_NUM_INTRAOP_THREADS=4 stillroom engine`;

const installHelp = `
Fetches TensorFlow's library with pip (274 MB, once) and compiles the binding with the C++
compiler. Interrupted at any time, the same command goes on with what was fetched whole.

  $ stillroom engine install
  $ stillroom engine install --from /usr/lib/python3/dist-packages/tensorflow
  $ stillroom engine install --from ./wheels       a folder that holds the wheel: fetches nothing`;

interface InstallOptions {
  gpu?: boolean;
  cpu?: boolean;
  from?: string;
  again?: boolean;
  json?: boolean;
}

async function show(json: boolean): Promise<void> {
  try {
    const location = findEngine();
    if (!location) {
      throw new StillroomError('engine-missing', 'expected TensorFlow to compute with, found none on this machine', {
        hint: 'run `stillroom engine install`',
      });
    }
    await report(location, json);
  } catch (error) {
    fail(error, json);
  }
}

async function install({ gpu, cpu, from, again, json = false }: InstallOptions): Promise<void> {
  await perform(json, async ({ drawer }) => {
    const location = await provisionEngine({
      ...(gpu || cpu ? { gpu: gpu ?? false } : {}),
      ...(from === undefined ? {} : { from }),
      ...(again ? { again } : {}),
      onProgress: engineProgress(drawer),
    });
    drawer.end();
    await report(location, json);
  });
}

async function report(location: EngineLocation, json: boolean): Promise<void> {
  const engine = await loadEngine({ location });
  const description = describeEngine(engine);
  const devices = await proveEngine(engine);
  if (json) printJson({ ...description, devices });
  else process.stdout.write(describe(description, devices));
}

function describe(engine: EngineDescription, devices: DeviceProof[]): string {
  const { manifest } = engine;
  const { bold, green } = coloursOf(process.stdout);
  const madeFrom = manifest?.from.map((origin) => ('file' in origin ? origin.file : origin.directory));
  const rows = [
    ['in use because', engine.because],
    ['directory', engine.directory],
    ...(madeFrom ? [['made from', madeFrom.join(', ')]] : []),
    ...(manifest?.compiled ? [['compiled by', manifest.compiled.compiler]] : []),
    ['runs on', engine.device === 'gpu' ? 'the GPU' : 'the processor'],
    ['threads', String(engine.threads)],
    ['node', engine.node],
    ...devices.map(({ device, size, milliseconds, gigaflops, error }) => [
      device,
      `${green('computes')}: ${size}×${size} matrix product in ${milliseconds.toFixed(2)} ms ` +
        `(${gigaflops.toFixed(0)} GFLOP/s), within ${error.toExponential(0)}`,
    ]),
  ];
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(16)}${value}`);
  return [bold(`TensorFlow ${engine.version}`), ...lines, ''].join('\n');
}
