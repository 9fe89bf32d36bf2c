import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pino } from 'pino';
import type { Problem } from '../../plugins/sdk/index.ts';
import { check } from '../../server/compiler/check.ts';
import { checkPack } from '../../server/conformance/index.ts';
import { builtinPacks } from '../../server/plugins/builtin.ts';
import type { Limits } from '../../server/plugins/host/messages.ts';
import { Plugins } from '../../server/plugins/plugins.ts';
import { brokenDeclarations } from '../server/conformance/broken/declarations.ts';
import { brokenExtensions } from '../server/conformance/broken/extensions.ts';
import { brokenInferring } from '../server/conformance/broken/inferring.ts';
import { brokenTensors } from '../server/conformance/broken/tensors.ts';
import { fixture } from './plugins.ts';

/** Fixtures that cannot be loaded, and what is wrong with each. */
export const unloadable: Record<string, string> = {
  unreadable: 'its package.json is no JSON',
  'wrong-manifest': 'its manifest lacks what it must have',
  'future-api': 'it is made for a later version of the API',
  'no-entry': 'a module that it names is not there',
  'throws-on-load': 'its code throws while it loads',
  'loops-on-load': 'its code does not end to load',
  'no-pack': 'its module exports no pack',
  'no-infer': 'a node lacks what a node must have',
  'foreign-type': 'it gives a node under a name that is not its own',
  'same-weights': 'it gives a network under a name that is taken',
};

/** What `infer` of the fixture "misbehaves" does. */
const misdeeds: Record<string, string> = {
  throw: 'throws',
  exit: 'would end the process',
  nonsense: 'gives a shape that is none',
  nothing: 'gives what is no signals',
  more: 'gives signals with fields that these have not',
  vast: 'gives too much',
  loop: 'does not return',
  die: 'kills the process',
  devour: 'takes all the memory of its process',
  hoard: 'takes much memory beside the heap',
  later: 'returns, and holds everything up afterwards',
};
const enough: Partial<Limits> = { load: 1500, call: 500 };
const limits: Record<string, Partial<Limits>> = { devour: { memory: 256, call: 20_000 }, hoard: { memory: 600, call: 20_000 } };

/** A server's plugins, with these fixtures alone. */
export function openFixtures(names: readonly string[], own: Partial<Limits> = {}): Promise<Plugins> {
  const home = mkdtempSync(join(tmpdir(), 'stillroom-broken-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  return Plugins.open({ home, packs: builtinPacks, module: '', places: { home, dev: names.map(fixture) }, limits: { ...enough, ...own }, onChange: () => {}, log: pino({ level: 'silent' }) });
}

async function whyUnloadable(name: string): Promise<Problem> {
  const plugins = await openFixtures([name]);
  try {
    return plugins.list()[0]!.why!;
  } finally {
    await plugins.close();
  }
}

/** What is told at the node, or else of the plugin, and whether the plugin is on afterwards. */
async function whatComesOf(how: string): Promise<{ problem: Problem; isOn: boolean }> {
  const plugins = await openFixtures(['misbehaves'], limits[how]);
  const ask = (params: object): Problem | undefined => {
    const document = { stillroom: 1 as const, name: 'Bad', nodes: { dataset: { type: 'data/dataset', version: 1 }, decode: { type: 'data/resize-crop', version: 2, params: { resize: [16, 16], crop: [16, 16] } }, bad: { type: 'misbehaves/node', version: 1, params: { ...params } } }, edges: [{ from: 'dataset.dataset', to: 'decode.dataset' }, { from: 'decode.images', to: 'bad.images' }] };
    return check(document, plugins.registry).problems.find(({ node }) => node === 'bad');
  };
  try {
    const told = ask({ how });
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (!told) ask({ how: 'well' });
    const isOver = (): boolean => plugins.list()[0]!.state !== 'on';
    for (let i = 0; i < 100 && !told && !isOver(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    const { state, why } = plugins.list()[0]!;
    return { problem: told ?? why!, isOn: state === 'on' };
  } finally {
    await plugins.close();
  }
}

const packs = (): [title: string, nodes: Parameters<typeof checkPack>[0]][] => [
  ...Object.entries({ ...brokenDeclarations, ...brokenInferring, ...brokenTensors }).map(([title, [node]]): [string, Parameters<typeof checkPack>[0]] => [title, { name: 'acme', nodes: [node] }]),
  ...Object.entries(brokenExtensions).map(([title, [pack]]): [string, Parameters<typeof checkPack>[0]] => [title, pack]),
];

/** Where fixtures lie, and what differs from one time to the next, is left out. */
const cell = (text: string): string =>
  text
    .replaceAll(fixture(''), '…/')
    .replace(/found \d+ MB/, 'found … MB')
    .replace(/(expected JSON, found: ).*?(?= \()/, '$1…')
    .replace(/(found a median of) .*/, '$1 …')
    .replace(/(differs by|a loss of|steps from) \d+(\.\d+)?/g, '$1 …')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const told = ({ message, hint }: Problem): string => (hint === undefined ? message : `${message} (${hint})`);

export async function unloadableTable(): Promise<string> {
  const rows: string[][] = [];
  for (const [name, what] of Object.entries(unloadable)) {
    const why = await whyUnloadable(name);
    rows.push([`\`${name}\`: ${what}`, `\`${why.code}\``, told(why)]);
  }
  return table(['plugin', 'code', 'what is said'], rows);
}

export async function misdeedsTable(): Promise<string> {
  const rows: string[][] = [];
  for (const [how, what] of Object.entries(misdeeds)) {
    const { problem, isOn } = await whatComesOf(how);
    rows.push([what, `\`${problem.code}\``, told(problem), isOn ? 'on' : 'off']);
  }
  return table(['`infer`', 'code', 'what is said', 'the plugin is then'], rows);
}

/** By the rules of the conformance kit, on the engine that there is. */
export async function findingsTable(): Promise<string> {
  const rows: string[][] = [];
  for (const [title, pack] of packs()) {
    const { findings } = await checkPack(pack);
    rows.push([title, `\`${findings[0]?.rule ?? ''}\``, findings[0]?.message ?? '']);
  }
  return table(['what is broken', 'rule', 'what is found'], rows);
}

export const brokenTables = { unloadable: unloadableTable, misdeeds: misdeedsTable, findings: findingsTable };

/** The text with a table between each of its marks. */
export const withTable = (text: string, name: string, written: string): string =>
  text.replace(new RegExp(`(<!-- ${name} -->\n\n).*?(\n\n<!-- /${name} -->)`, 's'), (_, before: string, after: string) => `${before}${written}${after}`);

/** `npx tsx test/support/broken-plugins.ts` writes the tables anew. */
export const brokenPage = fileURLToPath(new URL('../../docs/plugins-broken.md', import.meta.url));
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  let text = readFileSync(brokenPage, 'utf8');
  for (const [name, write] of Object.entries(brokenTables)) text = withTable(text, name, await write());
  writeFileSync(brokenPage, text);
}
