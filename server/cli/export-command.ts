import { resolve } from 'node:path';
import { Command } from 'commander';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { exportersIn } from '../exports/exporter-named.ts';
import { exportRun } from '../exports/export-run.ts';
import { printJson } from './output.ts';
import { packsHere } from './packs-here.ts';
import { perform } from './perform.ts';
import { pluginOption } from './plugin-option.ts';
import { quantity } from './quantity.ts';
import { table } from './table.ts';

interface ExportCommandOptions {
  as?: string;
  out?: string;
  category?: string;
  list?: boolean;
  offline?: boolean;
  json?: boolean;
  plugin?: string[];
}

/** `stillroom export RUN --as NAME --out PATH`. */
export function exportCommand(): Command {
  return new Command('export')
    .description('Write a finished run for other programs')
    .argument('[run]', 'run folder, as `stillroom run` wrote it')
    .option('--as <name>', 'the exporter; --list names them')
    .option('--out <path>', 'a new or empty folder; or a file, of an exporter that writes but one')
    .option('--category <name>', 'this category alone')
    .option('--list', 'list the exporters')
    .option('--offline', 'fetch nothing')
    .option('--json', 'write one JSON document to standard output')
    .addOption(pluginOption())
    .addHelpText('after', help)
    .action(execute);
}

const help = `
Nothing is there until all is written; of an export that fails nothing stays. Needs no engine.

  $ stillroom export --list
  $ stillroom export runs/bottle --as weights --out bottle-weights`;

async function execute(run: string | undefined, { as, out, category, list = false, offline = false, json = false, plugin = [] }: ExportCommandOptions): Promise<void> {
  await perform(json, async () => {
    const { packs, registry } = await packsHere(plugin);
    if (list) {
      const exporters = exportersIn(packs).map(({ name, title, summary, extensions }) => ({ name, title, summary, extensions }));
      if (json) return printJson(exporters);
      return void process.stdout.write(`${table(['name', 'files', 'what it writes'], exporters.map(({ name, extensions, summary }) => [name, extensions.join(' '), summary]))}\n`);
    }
    const missing = [...(run === undefined ? ['a run folder'] : []), ...(as === undefined ? ['--as'] : []), ...(out === undefined ? ['--out'] : [])];
    if (run === undefined || as === undefined || out === undefined) {
      throw new StillroomError('bad-usage', `expected a run folder, --as and --out, found no ${missing.join(', no ')}`, { hint: '`stillroom export --help` shows what it takes' });
    }
    const files = await exportRun(resolve(run), { exporter: as, out, packs, registry, offline, ...(category === undefined ? {} : { category }) });
    if (json) printJson({ run: resolve(run), exporter: as, out: resolve(out), files });
    else process.stdout.write(`${files.map(({ path, bytes }) => `${path}  ${quantity(bytes).replace(/(\d)$/, '$1 ')}B`).join('\n')}\n${resolve(out)}\n`);
  });
}
