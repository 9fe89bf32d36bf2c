import { Command } from 'commander';
import { pino } from 'pino';
import { formatProblem } from '../../plugins/sdk/problem.ts';
import { createLog } from '../api/log.ts';
import { serve } from '../api/serve.ts';
import type { EngineState } from '../engine/keeper.ts';
import { homeDirectory } from '../home.ts';
import { version } from '../version.ts';
import { engineProgress } from './engine-progress.ts';
import { fail, printJson } from './output.ts';
import { drawProgress } from './progress.ts';
import { wholeNumber } from './usage.ts';

interface ServerOptions {
  port: number;
  host: string;
  allowHost: string[];
  token: boolean;
  dataRoot: string[];
  runs?: number;
  watchdog: number;
  json?: boolean;
}

/** `stillroom server`. */
export function serverCommand(): Command {
  return new Command('server')
    .description('Serve the API over HTTP')
    .option('--port <n>', 'port to listen on; 0 for any that is free', wholeNumber(0, 65535), 4321)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-host <name...>', 'names that it may be reached by, besides that address; may be repeated', [] as string[])
    .option('--no-token', 'let every program of this machine in; only where it listens on this machine alone')
    .option('--data-root <dir...>', 'folders that clients may name datasets of; may be repeated', [] as string[])
    .option('--runs <n>', 'runs at work at once, others wait; where absent as was last said over the API, 1 at first', wholeNumber(1))
    .option('--watchdog <seconds>', 'end the process of a run that gives no sign of life for so long', wholeNumber(1), 600)
    .option('--json', 'once it listens, write one JSON document to standard output: address, link, links, token')
    .addHelpText('after', help)
    .action(execute);
}

const help = `
Listens on this machine alone unless --host says otherwise. The link that is printed signs a
browser in; programs send its token as "Authorization: Bearer TOKEN". /api/docs shows
every address. A server that others can reach asks for the token always, and answers to its
address, its machine's names and each --allow-host alone. Clients may name files in
$STILLROOM_HOME/datasets, and in each --data-root, and nowhere else. One home
($STILLROOM_HOME) has one server. Ctrl-C ends it.`;

async function execute({ port, host, allowHost, token: withToken, dataRoot, runs, watchdog, json = false }: ServerOptions): Promise<void> {
  const log = createLog(process.env['STILLROOM_LOG'] ?? 'warn', pino.destination(2));
  try {
    const { address, link, links, token, close } = await serve({ home: homeDirectory(), port, host, allowedHosts: allowHost, withToken, version, dataRoots: dataRoot, runs: { ...(runs === undefined ? {} : { concurrency: runs }), watchdog }, onEngine: showEngine(), editor: true, log });
    if (json) printJson({ address, link, links, token, home: homeDirectory() });
    else process.stdout.write(`Stillroom listens. Open ${link}\n${fromElsewhere(links.slice(1))}`);
    const end = (): void => void close().then(() => process.exit(0));
    process.once('SIGINT', end).once('SIGTERM', end);
  } catch (error) {
    fail(error, json);
  }
}

function fromElsewhere(links: readonly string[]): string {
  return links.length > 0 ? `From other machines:\n${links.map((link) => `  ${link}\n`).join('')}` : '';
}

/** Draws how far the engine's installation is; says nothing of one that is there. */
function showEngine(): (state: EngineState) => void {
  const drawer = drawProgress();
  const draw = engineProgress(drawer);
  let isInstalling = false;
  return ({ state, progress, problem }) => {
    if (progress) draw(progress);
    if (state === 'ready' && isInstalling) drawer.note('The engine is installed');
    if (state === 'failed' && problem) drawer.note(`The engine is not there: ${formatProblem(problem)}`);
    isInstalling = state === 'installing';
  };
}
