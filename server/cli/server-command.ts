import { Command } from 'commander';
import { pino } from 'pino';
import { formatProblem } from '../../plugins/sdk/problem.ts';
import { createLog } from '../api/log.ts';
import { serve, type Served, type ServeOptions } from '../api/serve.ts';
import type { EngineState } from '../engine/keeper.ts';
import { homeDirectory } from '../home.ts';
import { version } from '../version.ts';
import { engineProgress } from './engine-progress.ts';
import { fail, printJson } from './output.ts';
import { pluginOption } from './plugin-option.ts';
import { drawProgress } from './progress.ts';
import { withServerOptions, type ServerOptions } from './server-options.ts';
import { tellOfRenewed } from './tell-of-renewed.ts';

/** `stillroom server`. */
export function serverCommand(): Command {
  return withServerOptions(new Command('server').description('Serve the API over HTTP'))
    .addOption(pluginOption())
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
($STILLROOM_HOME) has one server. A plugin that --plugin names is watched, and loaded anew when
it is built anew. Ctrl-C ends it.`;

async function execute({ json = false, ...options }: ServerOptions): Promise<void> {
  try {
    const served = await startServer(options, { onPluginRenewed: tellOfRenewed });
    if (json) printJson(servedJson(served));
    else process.stdout.write(`Stillroom listens. Open ${served.link}\n${fromElsewhere(served.links.slice(1))}`);
    endWithSignals(served.close);
  } catch (error) {
    fail(error, json);
  }
}

/** Starts the server of the home. Throws what `serve` throws. */
export function startServer({ port, host, allowHost, token: withToken, dataRoot, runs, watchdog, plugin = [] }: ServerOptions, { onPluginRenewed }: Pick<ServeOptions, 'onPluginRenewed'> = {}): Promise<Served> {
  const log = createLog(process.env['STILLROOM_LOG'] ?? 'warn', pino.destination(2));
  return serve({
    home: homeDirectory(),
    port,
    host,
    allowedHosts: allowHost,
    withToken,
    version,
    dataRoots: dataRoot,
    runs: { ...(runs === undefined ? {} : { concurrency: runs }), watchdog },
    pluginFolders: plugin,
    ...(onPluginRenewed ? { onPluginRenewed } : {}),
    onEngine: showEngine(),
    editor: true,
    log,
  });
}

/** What programs are told of a server that listens. */
export const servedJson = ({ address, link, links, token }: Served): Record<string, unknown> => ({ address, link, links, token, home: homeDirectory() });

/** Ends with Ctrl-C, or when it is asked to. */
export function endWithSignals(close: () => Promise<void>): void {
  const end = (): void => void close().then(() => process.exit(0));
  process.once('SIGINT', end).once('SIGTERM', end);
}

/** Links for browsers of other machines, a line each. */
export function fromElsewhere(links: readonly string[]): string {
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
