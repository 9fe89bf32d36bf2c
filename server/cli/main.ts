import { Command } from 'commander';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { cacheDirectory, homeDirectory } from '../home.ts';
import { version } from '../version.ts';
import { exitCode, fail } from './output.ts';
import { usageError } from './usage.ts';

interface Entry {
  summary: string;
  load: () => Promise<Command>;
}

/** Each command's file is loaded only when it is called, so that `stillroom check` does not wait for what it does not use. */
const commands: Record<string, Entry> = {
  run: {
    summary: 'fit a graph on images and measure it',
    load: async () => (await import('./run-command.ts')).runCommand(),
  },
  predict: {
    summary: 'score images with a finished run',
    load: async () => (await import('./predict-command.ts')).predictCommand(),
  },
  compare: {
    summary: 'set runs beside one another',
    load: async () => (await import('./compare-command.ts')).compareCommand(),
  },
  report: {
    summary: 'write the report of a run anew',
    load: async () => (await import('./report-command.ts')).reportCommand(),
  },
  export: {
    summary: 'write a finished run for other programs',
    load: async () => (await import('./export-command.ts')).exportCommand(),
  },
  check: {
    summary: 'what a graph computes, and what is wrong with it',
    load: async () => (await import('./check-command.ts')).checkCommand(),
  },
  nodes: {
    summary: 'the node types, their parameters and sockets',
    load: async () => (await import('./nodes-command.ts')).nodesCommand(),
  },
  data: {
    summary: 'look at a dataset; draw the demo set',
    load: async () => (await import('./data-command.ts')).dataCommand(),
  },
  weights: {
    summary: 'pretrained weights: which there are, and your own',
    load: async () => (await import('./weights-command.ts')).weightsCommand(),
  },
  plugin: {
    summary: 'plugins: add and remove them, switch them on and off',
    load: async () => (await import('./plugin-command.ts')).pluginCommand(),
  },
  engine: {
    summary: 'the TensorFlow library in use; install it',
    load: async () => (await import('./engine-command.ts')).engineCommand(),
  },
  server: {
    summary: 'serve the API over HTTP',
    load: async () => (await import('./server-command.ts')).serverCommand(),
  },
  demo: {
    summary: 'fit the default graph on generated images',
    load: async () => (await import('./demo-command.ts')).demoCommand(),
  },
};

/** The `stillroom` command; sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const program = await programFor(argv);
    await program.parseAsync(argv as string[]);
  } catch (error) {
    const { code, exitCode: status } = error as { code?: string; exitCode?: number };
    if (code?.startsWith('commander.')) {
      // Help was asked for, or shown because no command was named.
      process.exitCode = status === 0 ? 0 : exitCode.usage;
      return;
    }
    const end = argv.indexOf('--');
    fail(error, argv.slice(0, end < 0 ? argv.length : end).includes('--json'));
    // Commands report what goes wrong in them: what comes to here is how they were called.
    if (error instanceof StillroomError) process.exitCode = exitCode.usage;
  }
}

async function programFor(argv: readonly string[]): Promise<Command> {
  const program = new Command('stillroom')
    .description('A workbench for industrial anomaly detection by knowledge distillation')
    .version(version)
    .addHelpText('after', help)
    .addHelpText('afterAll', exitCodes);
  const asked = argv.slice(2).find((word) => !word.startsWith('-') && word !== 'help');
  for (const [name, { summary, load }] of Object.entries(commands)) {
    program.addCommand((name === asked ? await load() : new Command(name)).summary(summary));
  }
  for (const command of withSubcommands(program)) {
    command.configureHelp({ subcommandTerm: (sub) => sub.name() });
    command.configureOutput({ outputError: () => {} });
    command.exitOverride((error) => {
      const isHelp = error.exitCode === 0 || error.code === 'commander.help';
      throw isHelp ? error : usageError(error, command);
    });
  }
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

const help = (): string => `
First steps:
  $ stillroom demo                                   fit the default graph on generated images
  $ stillroom check graphs/dual-model.json           what a graph computes, and what is wrong with it
  $ stillroom data info DIR                          what is understood of a folder of images
  $ stillroom run graphs/dual-model.json --data DIR  fit and measure it on your own images
  $ stillroom run --help                             what else a run can be told

Runs, added weights and the demo set are kept in ${homeDirectory()} ($STILLROOM_HOME),
downloads and what can be made again in ${cacheDirectory()} ($STILLROOM_CACHE).
With --json, standard output is exactly one JSON document: what was asked for, or
{"error": {"code", "message", "node"?, "socket"?, "hint"?}}.`;

const exitCodes = `
Exits with 0 when it is done, 1 when it cannot be done (the message says why), 2 when the
command line is wrong, 70 on a defect of Stillroom, 130 when it was interrupted.`;
