import { z } from 'zod';
import { socketMarks, socketPreviews, StillroomError, type Pack } from '../../plugins/sdk/index.ts';
import { explain } from '../graph/explain.ts';
import { createRegistry } from '../graph/registry.ts';
import { adaptPack } from './compat/older-api.ts';
import type { PluginEntry } from './plugin-entry.ts';

const code = z.custom<(...given: never[]) => unknown>((value) => typeof value === 'function', 'expected a function');
const sockets = z.union([z.record(z.string(), z.looseObject({ type: z.string() })), code], 'expected sockets by name, or a function that gives them');
const definition = z.looseObject({
  type: z.string(),
  version: z.number(),
  title: z.string(),
  summary: z.string(),
  category: z.string(),
  params: z.record(z.string(), z.looseObject({ schema: z.looseObject({ safeParse: code }), control: z.looseObject({ kind: z.string() }) })),
  inputs: sockets,
  outputs: sockets,
  infer: code,
  ...Object.fromEntries(['weights', 'build', 'pretrained', 'dataset', 'geometry', 'fit', 'calibrate', 'sink'].map((name) => [name, code.optional()])),
});
const named = z.looseObject({ name: z.string().min(1) });
const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'expected a colour such as "#2f6fb7"');
const socketType = z.looseObject({
  type: z.string(),
  title: z.string().min(1),
  colour: z.object({ light: colour, dark: colour }),
  mark: z.enum(socketMarks).optional(),
  describe: code.optional(),
  preview: z.union([z.enum(socketPreviews), z.object({ viewer: z.string().min(1) })], `expected ${socketPreviews.join(', ')} or a viewer`).optional(),
});
const exporter = named.extend({ title: z.string().min(1), summary: z.string(), extensions: z.array(z.string().regex(/^\.[\w.-]+$/, 'expected an ending such as ".json"')).min(1), export: code });
const functions = (...names: string[]): Record<string, typeof code> => Object.fromEntries(names.map((name) => [name, code]));
const maybe = (...names: string[]): Record<string, z.ZodOptional<typeof code>> => Object.fromEntries(names.map((name) => [name, code.optional()]));
const titled = named.extend({ title: z.string().min(1) });
const settings = z.looseObject({ kind: z.string() });
const packForm = z.looseObject({
  name: z.string().min(1),
  nodes: z.array(definition),
  architectures: z.array(named.extend({ title: z.string(), keyMaps: z.array(named), weights: code })).optional(),
  weights: z.array(named.extend({ architecture: z.string() })).optional(),
  layouts: z.array(titled.extend({ example: z.record(z.string(), z.string().nullable()).optional(), ...functions('detects', 'read') })).optional(),
  weightReaders: z.array(titled.extend({ extensions: z.array(z.string()), ...functions('recognises', 'read'), ...maybe('example') })).optional(),
  optimisers: z.array(titled.extend({ kernel: z.enum(['adam', 'descent']).optional(), example: settings, ...functions('slots', 'hyper', 'move') })).optional(),
  schedules: z.array(titled.extend({ example: settings, ...functions('rate'), ...maybe('begin', 'afterEpoch') })).optional(),
  socketTypes: z.array(socketType).optional(),
  exporters: z.array(exporter).optional(),
});

/**
 * The packs that modules of a plugin export. Throws `plugin-without-pack`, `plugin-foreign-type` where a type of nodes or
 * sockets, or an exporter, is not under the plugin's own name, and what `createRegistry` throws.
 */
export function packsOf(exported: readonly Record<string, unknown>[], entry: PluginEntry): Pack[] {
  const packs = exported.flatMap((module, i) => ofModule(module, entry, entry.modules[i]!));
  for (const { nodes, socketTypes = [], exporters = [] } of packs) {
    for (const { type } of nodes) mustBeOwn('node types', type, entry);
    for (const { type } of socketTypes) mustBeOwn('socket types', type, entry);
    for (const { name } of exporters) mustBeOwn('exporters', name, entry);
  }
  for (const { layouts = [], weightReaders = [], optimisers = [], schedules = [] } of packs) {
    for (const [what, items] of Object.entries({ layouts, 'readers of weights': weightReaders, optimisers, schedules })) {
      for (const { name } of items) mustBeOwn(what, name, entry);
    }
  }
  createRegistry(packs);
  return packs;
}

function ofModule(module: Record<string, unknown>, { name, madeFor }: PluginEntry, file: string): Pack[] {
  const exported = module['packs'] ?? (module['pack'] === undefined ? undefined : [module['pack']]);
  const given: unknown = Array.isArray(exported) ? exported.map((pack) => adaptPack(pack, madeFor)) : exported;
  if (!Array.isArray(given)) {
    const names = Object.keys(module);
    throw new StillroomError('plugin-without-pack', `expected a module that exports "pack" or "packs", found ${names.length ? `the exports ${names.join(', ')}` : 'no exports'}`, {
      file,
      hint: hintFor(name),
    });
  }
  const { error } = z.array(packForm).safeParse(given);
  if (!error) return given as Pack[];
  const [first] = explain(error, given);
  throw new StillroomError('plugin-without-pack', `expected a pack of nodes; ${['packs', ...first!.path].join(' › ')}: ${first!.message}`, { file, hint: hintFor(name) });
}

function mustBeOwn(what: string, type: string, { name, folder }: PluginEntry): void {
  if (!type.startsWith(`${name}/`) || type.slice(name.length + 1).includes('/')) {
    throw new StillroomError('plugin-foreign-type', `expected ${what} of ${name} to be called "${name}/…", found "${type}"`, { file: folder, hint: hintFor(name) });
  }
}

const hintFor = (name: string): string => `this is a defect of ${name}: report it to its authors`;
