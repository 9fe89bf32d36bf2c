import { serialize } from 'node:v8';
import type { AnyNodeDefinition, SocketTypeDefinition } from '../../../plugins/sdk/index.ts';
import { mindParent } from '../../processes/mind-parent.ts';
import { placeOfError } from '../error-place.ts';
import { loadPlugin, problemOf } from '../load.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import { describePack } from './describe-pack.ts';
import type { Ask, FromHost, LoadOutcome, ToHost } from './messages.ts';
import { perform, performSummary } from './perform.ts';

/** MB; a process that takes more is told of. */
const mostMemory = Number(process.env['STILLROOM_PLUGIN_MEMORY']);

/** Bytes that an answer may have; those of honest nodes have a few thousand. */
const mostBytes = 4 * 2 ** 20;

/** Letters of what it throws that are told. */
const mostLetters = 2000;

const definitions = new Map<string, AnyNodeDefinition>();
const socketTypes = new Map<string, SocketTypeDefinition>();
const folders: { plugin: string; folder: string }[] = [];
/** Bytes by which this process has grown while code of each plugin ran. */
const grown = new Map<string, number>();

mindParent(0);
// Authors look for what threw in their sources.
process.setSourceMapsEnabled(true);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToHost) => {
  if ('load' in message) void load(message.load).then((outcome) => say({ outcome }));
  else answer(message.ask, message.id);
});
process.on('uncaughtException', stray).on('unhandledRejection', stray);
// The process is everybody's.
process.exit = (): never => {
  throw new Error('it ended the process (process.exit)');
};
say({ ready: true });

async function load(entry: PluginEntry): Promise<LoadOutcome> {
  const before = process.memoryUsage.rss();
  folders.push({ plugin: entry.name, folder: entry.folder });
  try {
    const { packs } = await loadPlugin(entry);
    const facts = packs.map(describePack);
    for (const pack of packs) {
      for (const node of pack.nodes) definitions.set(node.type, node);
      for (const one of pack.socketTypes ?? []) socketTypes.set(one.type, one);
    }
    return { name: entry.name, packs: facts };
  } catch (error) {
    return { name: entry.name, problem: problemOf(error, entry) };
  } finally {
    weigh(entry.name, before);
  }
}

function answer(ask: Ask, id: number): void {
  say({ begun: id });
  const before = process.memoryUsage.rss();
  try {
    const value = ask.call === 'describe' ? performSummary(socketTypes.get(ask.type)!, ask) : perform(definitions.get(ask.type)!, ask);
    // What cannot be sent throws here.
    const bytes = serialize(value).byteLength;
    if (bytes > mostBytes) throw new Error(`it gives ${Math.ceil(bytes / 2 ** 20)} MB, where ${mostBytes / 2 ** 20} MB is the most`);
    say({ id, value });
  } catch (error) {
    const folder = folders.find(({ plugin }) => plugin === ask.plugin)?.folder;
    const file = folder === undefined ? undefined : placeOfError(error, folder);
    say({ id, thrown: messageOf(error), ...(file === undefined ? {} : { file }) });
  }
  weigh(ask.plugin, before);
}

function weigh(plugin: string, before: number): void {
  const now = process.memoryUsage.rss();
  grown.set(plugin, (grown.get(plugin) ?? 0) + now - before);
  if (now < mostMemory * 2 ** 20) return;
  const [largest] = [...grown].sort(([, a], [, b]) => b - a)[0]!;
  say({ swollen: largest, megabytes: Math.round(now / 2 ** 20) });
}

function stray(error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const plugin = folders.find(({ folder }) => stack.includes(folder))?.plugin;
  if (plugin !== undefined) say({ stray: plugin, message: messageOf(error) });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, mostLetters);

function say(message: FromHost): void {
  process.send?.(message);
}
