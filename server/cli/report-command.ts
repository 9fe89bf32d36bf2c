import { resolve } from 'node:path';
import { Command } from 'commander';
import { printJson } from './output.ts';
import { perform } from './perform.ts';

/** `stillroom report RUN`. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Write the report of a run anew, from what its folder holds')
    .argument('<run>', 'run folder')
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(execute);
}

const help = `
Every run writes report.html when it ends: figures, curves, losses, the best and the worst
images with their maps, the graph, and all that the result depends on, in one file that opens
from disk. Of a run that is unfinished or of an earlier version the report shows what there
is, and names what is missing. Needs no engine.

  $ stillroom report runs/bottle
  $ stillroom report runs/bottle --json | jq -r .report`;

async function execute(run: string, { json = false }: { json?: boolean }): Promise<void> {
  await perform(json, async () => {
    // Charts take a moment to load, which `--help` need not wait for.
    const { writeReport } = await import('../runs/report/write-report.ts');
    const { file, missing } = await writeReport(resolve(run));
    if (json) printJson({ run: resolve(run), report: file, missing });
    else process.stdout.write(`${[...missing.map((what) => `missing: ${what}`), file].join('\n')}\n`);
  });
}
