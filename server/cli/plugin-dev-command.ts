import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { sightOf } from '../plugins/built-files.ts';
import { entryOf } from '../plugins/plugin-entry.ts';
import { readPluginPackage, type PluginPackage } from '../plugins/manifest.ts';
import { fail, printJson, writeProblem } from './output.ts';
import { endWithSignals, fromElsewhere, servedJson, startServer } from './server-command.ts';
import type { ServerOptions } from './server-options.ts';
import { tellOfRenewed } from './tell-of-renewed.ts';

/** What the first build of a plugin may take until the workbench begins without it, ms. */
const firstBuild = 15_000;

/**
 * `stillroom plugin dev DIR`: the workbench with the plugin of a folder, which is loaded anew whenever it has been built
 * anew; its script `dev`, where it has one, builds it, and ends with this command.
 */
export async function developPlugin(folder: string, { json = false, ...options }: ServerOptions): Promise<void> {
  let build: ChildProcess | null = null;
  const endBuild = (): void => void (build && endWithChildren(build));
  process.once('exit', endBuild);
  try {
    const { plugin, scripts } = await readPluginFolder(folder);
    if (scripts['dev'] !== undefined) {
      build = startScript(folder, 'dev');
      await untilBuilt(build, plugin, folder);
    }
    const served = await startServer({ ...options, plugin: [folder, ...(options.plugin ?? [])] }, { onPluginRenewed: tellOfRenewed });
    endWithSignals(async () => {
      endBuild();
      await served.close();
    });
    const { state, why, packs } = served.plugins.named(plugin.name);
    if (why) writeProblem(why);
    const nodes = packs.flatMap((pack) => pack.nodes.map(({ type }) => type));
    if (json) return printJson({ ...servedJson(served), plugin: { name: plugin.name, version: plugin.version, folder: resolve(folder), state, nodes, problem: why } });
    process.stdout.write(`Stillroom listens, with ${plugin.name} ${plugin.version} as it is in ${resolve(folder)}. Open ${served.link}\n${fromElsewhere(served.links.slice(1))}`);
  } catch (error) {
    endBuild();
    fail(error, json);
  }
}

async function readPluginFolder(folder: string): Promise<{ plugin: PluginPackage; scripts: Record<string, string> }> {
  const file = join(folder, 'package.json');
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new StillroomError('plugin-manifest-invalid', `expected the folder of a plugin, found ${cause.code === 'ENOENT' ? 'no package.json' : (cause.code ?? cause.message)}`, {
      file,
      hint: 'name the folder that has its package.json; `stillroom plugin create DIR` makes one',
      cause,
    });
  });
  const plugin = readPluginPackage(text, file);
  return { plugin, scripts: (JSON.parse(text) as { scripts?: Record<string, string> }).scripts ?? {} };
}

/** What it writes is written to standard error, so that standard output stays what this command says. */
function startScript(folder: string, script: string): ChildProcess {
  const isWindows = process.platform === 'win32';
  // A group of its own, so that what npm starts ends with it. Watchers end too where their input is closed.
  const child = spawn(isWindows ? 'npm.cmd' : 'npm', ['run', '--silent', script], { cwd: folder, stdio: ['pipe', 2, 2], detached: !isWindows, shell: isWindows });
  child.once('error', (error) => writeProblem({ code: 'npm-missing', severity: 'error', message: `expected npm, which runs the plugin’s script "${script}", found that it cannot be started: ${error.message}`, hint: 'install Node with npm' }));
  return child;
}

async function untilBuilt(build: ChildProcess, plugin: PluginPackage, folder: string): Promise<void> {
  const { modules } = entryOf(plugin, folder);
  const isThere = async (): Promise<boolean> => (await sightOf(modules)).split('\n').filter(Boolean).length === modules.length;
  for (const begun = performance.now(); performance.now() - begun < firstBuild && build.exitCode === null; await sleep(100)) if (await isThere()) return;
}

function endWithChildren({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}
