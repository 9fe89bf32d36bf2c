import { Command } from 'commander';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { findEngine } from '../engine/find.ts';
import { loadEngine } from '../engine/load.ts';
import type { EngineLocation } from '../engine/location.ts';
import { describeEngine, proveEngine } from '../engine/prove.ts';
import type { DeviceProof, EngineDescription } from '../engine/prove.ts';
import { provisionEngine } from '../engine/provision.ts';
import { engineProgress } from './engine-progress.ts';
import { fail, paint, printJson } from './output.ts';
import { drawProgress } from './progress.ts';

/** `stillroom engine` and `stillroom engine install`. */
export function engineCommand(): Command {
  const engine = new Command('engine')
    .description('Show the TensorFlow library in use and prove it by computing')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', afterHelp)
    .action((options: { json?: boolean }) => show(options.json ?? false));
  engine
    .command('install')
    .description('Fetch, build and prove the engine; what is there already is kept')
    .option('--gpu', 'for an NVIDIA GPU (the default where the driver shows one)')
    .option('--cpu', 'for the processor, GPU or not')
    .option('--from <dir>', 'use what this directory holds: an engine, TensorFlow, or its wheel')
    .option('--again', 'make it again even where there is one')
    .option('--json', 'write one JSON document to standard output')
    .action((_options, command: Command) => install(command.optsWithGlobals<InstallOptions>()));
  return engine;
}

const afterHelp = `
The engine is looked for in this order:
  1. the directory that STILLROOM_ENGINE names
  2. the directory chosen by \`stillroom engine install --from DIR\`
  3. what was provisioned earlier, in the cache directory ($STILLROOM_CACHE)
A machine that has none gets one by \`stillroom engine install\`, or by the first run.`;

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
  const drawer = drawProgress();
  try {
    const wanted = gpu || cpu ? { gpu: gpu ?? false } : {};
    const location = await provisionEngine({
      ...wanted,
      ...(from === undefined ? {} : { from }),
      ...(again ? { again } : {}),
      onProgress: engineProgress(drawer),
    });
    drawer.end();
    await report(location, json);
  } catch (error) {
    drawer.end();
    fail(error, json);
  }
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
  const madeFrom = manifest?.from.map((origin) => ('file' in origin ? origin.file : origin.directory));
  const rows = [
    ['in use because', engine.because],
    ['directory', engine.directory],
    ...(madeFrom ? [['made from', madeFrom.join(', ')]] : []),
    ...(manifest?.compiled ? [['compiled by', manifest.compiled.compiler]] : []),
    ['threads', String(engine.threads)],
    ['node', engine.node],
    ...devices.map(({ device, size, milliseconds, gigaflops, error }) => [
      device,
      `${paint('green', 'computes')}: ${size}×${size} matrix product in ${milliseconds.toFixed(2)} ms ` +
        `(${gigaflops.toFixed(0)} GFLOP/s), within ${error.toExponential(0)}`,
    ]),
  ];
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(16)}${value}`);
  return [paint('bold', `TensorFlow ${engine.version}`), ...lines, ''].join('\n');
}
