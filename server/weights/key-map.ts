import type { Architecture, KeyMap } from '../../plugins/sdk/pack.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { StateDict, StateTensor } from './state-dict.ts';

/** Wrappers of PyTorch (compiled, parallel, inside a training module) put these before every key. */
const wrappers = ['_orig_mod.', 'module.', 'model.'];

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
  const unwrapped = unwrap(state);
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

function unwrap(state: StateDict): Map<string, NamedTensor> {
  const all = [...state].map(([key, tensor]) => ({ name: key, tensor: { ...tensor, key } }));
  for (let wrapper; all.length && (wrapper = wrappers.find((w) => all.every(({ name }) => name.startsWith(w)))); ) {
    for (const entry of all) entry.name = entry.name.slice(wrapper.length);
  }
  return new Map(all.map(({ name, tensor }) => [name, tensor]));
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
    if (other) {
      throw new StillroomError(
        'weights-ambiguous',
        `expected one tensor for "${name}", found two: "${other.key}" and "${tensor.key}"`,
        { file, field: name, hint: 'save the state dict again without the other one' },
      );
    }
    mapped.tensors.set(name, tensor);
  }
  return mapped;
}

/** The first few of many names, in quotes. */
export function listNames(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).map((name) => `"${name}"`).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
