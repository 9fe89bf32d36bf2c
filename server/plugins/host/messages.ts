import type { Architecture, Control, Exporter, Problem, Signals, Sockets, SocketTypeDefinition, WeightsEntry, WeightSpec } from '../../../plugins/sdk/index.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import type { ElsewhereFacts } from './elsewhere.ts';

/** What a function of a definition, of a node or of a socket type, is asked, by name; `given` are its arguments as JSON. */
export interface Ask {
  plugin: string;
  type: string;
  call: CallName;
  given: readonly unknown[];
}

export type CallName = 'inputs' | 'outputs' | 'infer' | 'weights' | 'parse' | 'migrate' | 'describe' | DataCall;
/** Functions from parameters to data. */
export type DataCall = 'pretrained' | 'dataset' | 'geometry' | 'fit' | 'sink' | 'calibrate';

/** What `infer` has given and said. */
export interface Inference {
  outputs: Signals;
  problems: Omit<Problem, 'node'>[];
  costs: Record<string, number>[];
}

/** A definition without its code. */
export interface NodeFacts {
  type: string;
  version: number;
  title: string;
  summary: string;
  category: string;
  cite?: string;
  params: Record<string, { default: unknown; control: Control; help?: string; cosmetic?: boolean }>;
  /** Those of the default parameters; `moving` says whether others may have other ones. */
  inputs: { sockets: Sockets; moving: boolean };
  outputs: { sockets: Sockets; moving: boolean };
  random?: boolean;
  eager?: boolean;
  /** Its optional functions. */
  has: readonly (DataCall | 'weights' | 'build')[];
  /** Versions that it brings parameters from. */
  migrations: readonly number[];
}

export interface PackFacts {
  name: string;
  nodes: NodeFacts[];
  architectures: (Omit<Architecture, 'weights'> & { weights: readonly WeightSpec[] })[];
  /** Addresses of bundled files are text. */
  weights: (Omit<WeightsEntry, 'source'> & { source: Record<string, unknown> })[];
  elsewhere: ElsewhereFacts;
  exporters: Omit<Exporter, 'export'>[];
  /** `describes`: whether it has a summary for edges. */
  socketTypes: (Omit<SocketTypeDefinition, 'describe'> & { describes: boolean })[];
}

export interface Limits {
  /** What a function of a definition may take, ms. */
  call: number;
  /** What a plugin may take to load, ms. */
  load: number;
  /** What the process of all plugins may take of memory, MB. */
  memory: number;
}

/** What is found of a plugin when it is loaded. */
export type LoadOutcome = { name: string } & ({ packs: PackFacts[] } | { problem: Problem });

/** What has gone wrong with a plugin that is switched off for it. */
export interface Fault {
  plugin: string;
  problem: Problem;
}

/** To the process of the plugins. */
export type ToHost = { load: PluginEntry } | { ask: Ask; id: number };
/** From it. */
export type FromHost =
  | { ready: true }
  | { outcome: LoadOutcome }
  /** The code of the plugin begins. */
  | { begun: number }
  | { id: number; value: unknown }
  | ({ id: number } & Thrown)
  /** What one plugin has taken of memory, when all together have taken too much. */
  | { swollen: string; megabytes: number }
  /** What code of a plugin threw while nobody asked for anything. */
  | { stray: string; message: string };

/** To the relay. */
export type ToRelay = { load: readonly PluginEntry[]; generation: number } | { close: true };
/** From the relay, when it comes to it. */
export type FromRelay = { loaded: LoadOutcome[]; generation: number } | { fault: Fault } | { closed: true };
/** From the relay to whom waits. */
export type Answer = { value: unknown } | Thrown | { fault: Fault };

/** What code of a plugin threw, and in which file at which line. */
export type Thrown = { thrown: string; file?: string };

/** Both with the number of the ask. */
export type AskedAt = { ask: Ask; id: number };
export type AnsweredAt = Answer & { id: number };
