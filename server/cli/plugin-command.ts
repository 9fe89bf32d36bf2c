import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import type { Finding } from '../conformance/finding.ts';
import { homeDirectory } from '../home.ts';
import { createPlugin, licences, type CreateOptions } from '../plugins/create-plugin.ts';
import { describeInstalled, describeStaged, permissionsInWords, type DescribedPlugin, type PluginFacts } from '../plugins/describe-plugin.ts';
import { installStaged, stagePlugin, uninstallPlugin } from '../plugins/install.ts';
import { installedPlugins, usualPlaces } from '../plugins/installed.ts';
import { changePluginState } from '../plugins/state.ts';
import { tryPlugin } from '../plugins/try-plugin.ts';
import { coloursOf } from './colours.ts';
import { exitCode, fail, printJson, writeProblem } from './output.ts';
import { pluginOption } from './plugin-option.ts';
import { withServerOptions, type ServerOptions } from './server-options.ts';
import { table } from './table.ts';

interface Asked {
  json?: boolean;
  yes?: boolean;
}

/** `stillroom plugin list|add|remove|enable|disable|check|create|dev`. */
export function pluginCommand(): Command {
  const plugin = new Command('plugin').description('Plugins: which there are, add and remove them, switch them on and off').addHelpText('after', help);
  const command = (usage: string, description: string, work: (name: string, asked: Asked) => Promise<void>): Command =>
    plugin
      .command(usage)
      .description(description)
      .option('--json', 'write one JSON document to standard output')
      .action(async (...given: unknown[]) => {
        const [name, asked] = (typeof given[0] === 'string' ? given : ['', ...given]) as [string, Asked];
        await work(name, asked).catch((error: unknown) => fail(error, asked.json));
      });
  command('list', 'List the plugins that are here, and whether they are used', (_, asked) => list(asked));
  command('add <plugin>', 'Install a plugin: a package name, a packed package, or a folder', add).option('--yes', 'install it without asking');
  command('remove <name>', 'Remove an installed plugin', remove);
  command('enable <name>', 'Use a plugin that was switched off', (name, asked) => switchTo(true, name, asked));
  command('disable <name>', 'Keep a plugin, and do not use it', (name, asked) => switchTo(false, name, asked));
  command('check <plugin>', 'Load a plugin by itself, hold it to the rules of the conformance kit, and say what it gives, or what is wrong: a name, or a folder', check);
  command('create <folder>', 'Begin a plugin: a node, a viewer, tests, as `npm create stillroom-plugin` does', create)
    .option('--name <name>', 'what npm calls it; the name of the folder where absent')
    .option('--title <title>', 'what people read')
    .addOption(new Option('--licence <licence>', 'none keeps all rights').choices([...licences]).default('MIT'))
    .option('--stillroom <range>', 'the Stillroom that it is developed with: versions, or file:FOLDER; this one where absent');
  withServerOptions(plugin.command('dev <folder>').description('Start the workbench with the plugin of a folder, and load it anew whenever it is built anew'))
    .addOption(pluginOption())
    .option('--json', 'once it listens, write one JSON document to standard output: address, link, links, token, plugin')
    .addHelpText('after', developing)
    // The rest of this file does not wait for what a server is made of.
    .action(async (folder: string, options: ServerOptions) => (await import('./plugin-dev-command.ts')).developPlugin(folder, options));
  return plugin;
}

const help = `
A plugin is an npm package that says in its package.json what it brings. Its code runs with
your rights: install what you trust. Install scripts are never run. Before anything of it is
loaded, its version, author, integrity and what it asks for are shown.

  $ stillroom plugin add @acme/wide-resnet
  $ stillroom plugin add ./my-plugin-1.0.0.tgz --yes
  $ stillroom plugin list
  $ stillroom plugin disable @acme/wide-resnet
  $ stillroom plugin create ./my-plugin
  $ stillroom plugin dev ./my-plugin

Those of the home ($STILLROOM_HOME/plugins) are used, and those that the package.json of the
folder at hand names. STILLROOM_PLUGINS=none uses none.`;

const developing = `
Open editors have the new nodes as soon as they are loaded; graphs stay as they are. Code that
does not load is told there and here, and what worked last stays in use. Where package.json has
a script "dev", such as a build that watches the sources, it is run, and ends with this command.`;

async function all(): Promise<DescribedPlugin[]> {
  const home = homeDirectory();
  return (await installedPlugins(usualPlaces(home) ?? { home })).map(describeInstalled);
}

async function named(name: string): Promise<DescribedPlugin> {
  const found = (await all()).find((one) => one.name === name);
  if (found) return found;
  throw new StillroomError('no-plugin', `expected the name of a plugin that is here, found ${JSON.stringify(name)}`, { hint: '`stillroom plugin list` lists them' });
}

async function list({ json = false }: Asked): Promise<void> {
  const plugins = await all();
  if (json) return printJson(plugins);
  if (plugins.length === 0) return void process.stdout.write('no plugins\n');
  process.stdout.write(`${table(['name', 'version', 'state', 'from'], plugins.map(({ name, version, state, origin }) => [name, version ?? '–', state, origin]))}\n`);
  for (const { name, state, why } of plugins) if (why) process.stdout.write(`${name} is ${state === 'off' ? 'switched off' : 'not used'}: ${why.message}${why.hint ? ` (${why.hint})` : ''}\n`);
}

async function add(spec: string, { json = false, yes = false }: Asked): Promise<void> {
  const staged = await stagePlugin(spec);
  try {
    const facts = describeStaged(staged);
    if (!json) process.stdout.write(inWords(facts));
    if (!yes) await mustAgree(facts, json);
    await installStaged(homeDirectory(), staged);
  } finally {
    await staged.discard();
  }
  const added = await named(staged.package.name);
  if (json) printJson(added);
  else process.stdout.write(`Installed ${added.name} ${added.version ?? ''}; \`stillroom nodes\` lists what it brings\n`);
}

function inWords({ name, version, title, author, licence, integrity, permissions, installScripts }: PluginFacts): string {
  const { bold } = coloursOf(process.stdout);
  const rows = [['author', author ?? 'not told'], ['licence', licence ?? 'not told'], ['integrity', integrity ?? ''], ['permissions', permissionsInWords(permissions)], ...(installScripts.length ? [['scripts', `has ${installScripts.join(', ')}, which are not run: what they would make is not there`]] : [])];
  return `${bold(`${name} ${version ?? ''}`)}${title === name ? '' : `  ${title}`}\n${rows.map(([what, said]) => `  ${what!.padEnd(12)}${said}\n`).join('')}Its code runs with your rights.\n`;
}

async function mustAgree({ name }: PluginFacts, json: boolean): Promise<void> {
  if (json || !process.stdin.isTTY) {
    throw new StillroomError('plugin-not-confirmed', `expected a person to agree that ${name} is installed, found nobody to ask`, { hint: 'add --yes' });
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const said = await asking.question('Install it? (y/N) ').finally(() => asking.close());
  if (!/^y(es)?$/i.test(said.trim())) throw new StillroomError('cancelled', `expected ${name} to be installed, found that it was not wanted`);
}

async function remove(name: string, { json = false }: Asked): Promise<void> {
  await uninstallPlugin(homeDirectory(), name);
  if (json) printJson({ name, removed: true });
  else process.stdout.write(`Removed ${name}; graphs keep their nodes of it\n`);
}

async function switchTo(enabled: boolean, name: string, { json = false }: Asked): Promise<void> {
  await named(name);
  await changePluginState(homeDirectory(), name, { enabled, reason: null });
  const now = await named(name);
  const left = enabled && now.state !== 'on' ? (now.why ?? null) : null;
  if (left) {
    process.exitCode = exitCode.problem;
    writeProblem(left);
  }
  if (json) printJson(left ? { ...now, error: left } : now);
  else process.stdout.write(`${name} is ${!enabled ? 'switched off' : left ? 'switched on, and is not used' : 'used'}\n`);
}

async function check(nameOrFolder: string, { json = false }: Asked): Promise<void> {
  const tried = await tryPlugin(nameOrFolder, homeDirectory());
  const { findings = [], problems = [], ranOn = '' } = tried.check ?? {};
  const wrong = [...(tried.problem ? [tried.problem] : []), ...problems, ...findings.map(problemOfFinding)];
  if (wrong.length > 0) process.exitCode = exitCode.problem;
  wrong.forEach(writeProblem);
  if (json) return printJson(wrong.length > 0 ? { ...tried, error: wrong[0] } : tried);
  if (tried.problem) return;
  process.stdout.write(`${tried.name} ${tried.version ?? ''} loads, and gives ${tried.nodes.length ? tried.nodes.join(', ') : 'no node types'}\n`);
  if (wrong.length === 0) process.stdout.write(`It conforms (on ${ranOn})\n`);
}

const problemOfFinding = ({ rule, node, message, hint }: Finding): Problem => ({ code: 'pack-not-conforming', severity: 'error', node, message: `[${rule}] ${message}`, hint });

async function create(folder: string, { json = false, yes: _, ...options }: Asked & CreateOptions): Promise<void> {
  const created = await createPlugin(folder, options);
  if (json) printJson(created);
  else process.stdout.write(`${created.name} is in ${created.folder}. To see it at work:\n\n  cd ${folder}\n  npm install\n  npm start\n`);
}
