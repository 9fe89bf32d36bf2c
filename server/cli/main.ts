import { createRequire } from 'node:module';
import { Command } from 'commander';
import { exitCode } from './output.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Each command's file is loaded only when it is called, so that `stillroom check` does not wait for what it does not use. */
const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import('./run-command.ts')).runCommand(),
  check: async () => (await import('./check-command.ts')).checkCommand(),
  nodes: async () => (await import('./nodes-command.ts')).nodesCommand(),
  data: async () => (await import('./data-command.ts')).dataCommand(),
  weights: async () => (await import('./weights-command.ts')).weightsCommand(),
  engine: async () => (await import('./engine-command.ts')).engineCommand(),
  demo: async () => (await import('./demo-command.ts')).demoCommand(),
};

export async function main(argv: readonly string[]): Promise<void> {
  const asked = argv[2];
  const names = asked !== undefined && Object.hasOwn(commands, asked) ? [asked] : Object.keys(commands);
  const program = new Command('stillroom')
    .description('A workbench for industrial anomaly detection by knowledge distillation')
    .version(version)
    .showSuggestionAfterError()
    .addHelpText('after', help);
  for (const name of names) program.addCommand(await commands[name]!());
  // Wrong usage is told on standard error with its own exit code.
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(argv as string[]);
  } catch (error) {
    const { code, exitCode: status } = error as { code?: string; exitCode?: number };
    if (!code?.startsWith('commander.')) throw error;
    process.exitCode = status === 0 ? 0 : exitCode.usage;
  }
}

const help = `
First steps:
  $ stillroom demo                                        fit the default graph on generated surfaces
  $ stillroom check graphs/dual-model.json                what a graph computes, and what is wrong with it
  $ stillroom run graphs/dual-model.json --data DIR       fit and evaluate it on your own images
  $ stillroom data info DIR                               what Stillroom understands of a folder of images`;
