import type { Architecture, KeyMap } from '../../plugins/sdk/pack.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { StateDict, StateTensor } from './state-dict.ts';

/** Wrappers (compiled, parallel, averaged, inside a training module) put these before the keys of the network. */
const wrappers = ['module.', 'model.', 'backbone.', 'encoder.', 'net.', 'network.', 'feature_extractor.'];
/** A compiled module, which may be one inside of the network. */
const compiled = /(^|\.)_orig_mod\./g;

/** A tensor under its canonical name, with the key that the file has it by. */
export interface NamedTensor extends StateTensor {
  key: string;
}

export interface MappedState {
  /** Name of the key map that fits best. */
  keyMap: string;
  tensors: Map<string, NamedTensor>;
  /** Keys that the key map says the network has no use for (the classifier). */
  ignored: string[];
}

/** Renames a state dict to the architecture's canonical names, by the key map under which most of them are found. */
export function mapKeys(state: StateDict, architecture: Architecture, file: string): MappedState {
  const canonical = new Set(architecture.weights().map(({ name }) => name));
  const unwrapped = unwrap(state, canonical, file);
  let best: { keyMap: KeyMap; names: Map<string, string>; hits: number } | undefined;
  for (const keyMap of architecture.keyMaps) {
    const names = rename(unwrapped, keyMap);
    let hits = 0;
    for (const name of names.values()) if (canonical.has(name)) hits++;
    if (!best || hits > best.hits) best = { keyMap, names, hits };
  }
  if (!best || best.hits === 0) {
    const known = architecture.keyMaps.map(({ name }) => name).join('; ');
    const found = listNames([...state.keys()]) || 'no tensors';
    throw new StillroomError(
      'weights-wrong-architecture',
      `expected weights of ${architecture.title} (named as by ${known}), found ${found}`,
      { file, hint: `name a file of ${architecture.title} weights` },
    );
  }
  return collect(unwrapped, best.keyMap, best.names, file);
}

/** Takes off what most keys begin with; what a training module keeps beside the network stays as it is. */
function unwrap(state: StateDict, canonical: ReadonlySet<string>, file: string): Map<string, NamedTensor> {
  // An autoencoder has an encoder of its own.
  const foreign = wrappers.filter((wrapper) => ![...canonical].some((name) => name.startsWith(wrapper)));
  const all = [...state].map(([key, tensor]) => ({ name: key.replaceAll(compiled, '$1'), tensor: { ...tensor, key } }));
  const most = (wrapper: string): boolean => 2 * all.filter(({ name }) => name.startsWith(wrapper)).length > all.length;
  for (let wrapper; (wrapper = foreign.find(most)); ) {
    for (const entry of all) if (entry.name.startsWith(wrapper)) entry.name = entry.name.slice(wrapper.length);
  }
  const unwrapped = new Map<string, NamedTensor>();
  for (const { name, tensor } of all) {
    const other = unwrapped.get(name);
    if (other) throw twice(name, other.key, tensor.key, file);
    unwrapped.set(name, tensor);
  }
  return unwrapped;
}

function rename(state: ReadonlyMap<string, unknown>, { rules }: KeyMap): Map<string, string> {
  const compiled = rules.map(([pattern, replacement]) => [new RegExp(pattern), replacement] as const);
  const apply = (key: string): string => compiled.reduce((name, [from, to]) => name.replace(from, to), key);
  return new Map([...state.keys()].map((key) => [key, apply(key)]));
}

function collect(
  state: ReadonlyMap<string, NamedTensor>,
  keyMap: KeyMap,
  names: ReadonlyMap<string, string>,
  file: string,
): MappedState {
  const unused = (keyMap.unused ?? []).map((pattern) => new RegExp(pattern));
  const mapped: MappedState = { keyMap: keyMap.name, tensors: new Map(), ignored: [] };
  for (const [key, tensor] of state) {
    if (unused.some((pattern) => pattern.test(key))) {
      mapped.ignored.push(tensor.key);
      continue;
    }
    const name = names.get(key)!;
    const other = mapped.tensors.get(name);
    if (other) throw twice(name, other.key, tensor.key, file);
    mapped.tensors.set(name, tensor);
  }
  return mapped;
}

function twice(name: string, one: string, other: string, file: string): StillroomError {
  return new StillroomError('weights-ambiguous', `expected one tensor for "${name}", found two: "${one}" and "${other}"`, {
    file,
    field: name,
    hint: 'save the state dict again without the other one',
  });
}

/** The first few of many names, in quotes. */
export function listNames(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).map((name) => `"${name}"`).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
