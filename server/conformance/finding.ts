/** What a node type, and what a pack brings beside nodes, is held to, by the name that findings have. */
export const rules = {
  schema: 'type, version, sockets and parameters are sound: defaults are valid, controls offer only what is accepted',
  docs: 'title and summary are there, help for each parameter, the source of a published method',
  serialisation: 'parameters, signals, weights and settings are plain data that survives JSON',
  migration: 'every older version has a migration, which gives valid parameters and leaves what it was given alone',
  inputs: 'there are inputs that the node accepts',
  'infer-throws': '`infer` reports what does not fit; it never throws',
  'infer-pure': '`infer` and `weights` change nothing that they are given and say the same when asked again',
  'infer-time': '`infer` takes no longer than the bound, in the median',
  promise: '`build` delivers the outputs that `infer` promises: sockets, shapes, float32',
  build: '`build`, and what it gives, run on inputs that `infer` accepted',
  finite: 'outputs are finite numbers',
  weights: 'weights are sound, and each one declared is read',
  gradient: 'a gradient reaches every trainable weight; a loss has a gradient for an input',
  determinism: 'equal inputs, weights and seed give equal outputs',
  random: 'only a node that declares `random` follows the seed, and only in training',
  state: 'a build is not changed by another build',
  leak: 'no tensor is left behind',
  traceable: 'values are read while running by nodes only that declare `eager`; all others can be traced into a native program',
  calibration: 'a calibration pass gives every calibrated weight, and the same when it is done again',
  sink: 'a sink measures what it is given: each metric is a finite number, or null',
  report: 'sections of a report have the form of one: titles, text, tables with as many cells as columns, finite curves',
  'socket-type': 'a type of sockets is declared, under the name of its plugin, in colours that can be seen, with a summary for any value',
  exporter: 'an exporter writes a small run, in the folder that it is given and with the endings that it names, or refuses it in words',
  'layout-recognises': 'a layout says true or false of any folder: true of its example, false where there are no images',
  'layout-files': 'a layout gives categories of files that are there, with normal images in its example',
  'layout-pure': 'a layout changes nothing that it is given and says the same when asked again',
  'reader-recognises': 'a reader of weights says true or false of any file: true of its example, false of other formats',
  'reader-reads': 'a reader of weights reads from its example what that says is in it',
  'optimiser-step': 'an optimiser makes steps: finite numbers, the weight and each of its slots in their shape',
  'optimiser-descends': 'an optimiser lowers the loss of a bowl',
  'optimiser-native': 'an optimiser does the same in a native program as op by op, by the kernel that it names too',
  'schedule-rates': 'a schedule gives a finite rate from 0 at every step, and one above 0 at some',
  'schedule-pure': 'a schedule says the same when asked again, and changes nothing that it is given',
} as const;

export type Rule = keyof typeof rules;

export interface Finding {
  rule: Rule;
  /** The node type, or the name of what else is brought; the name of the pack where the finding is about the pack. */
  node: string;
  /** What was expected and what was found. */
  message: string;
  /** What to do, in the imperative. */
  hint: string;
}

/** What was found in one node type: a thing that is wrong in many cases is told once, of the first. */
export class Findings {
  readonly node: string;
  readonly list: Finding[] = [];
  readonly #told = new Set<string>();

  constructor(node: string) {
    this.node = node;
  }

  /** @param about what the rule is broken by (a parameter, a weight), where there may be several in a node */
  add(rule: Rule, message: string, hint: string, about = ''): void {
    const key = `${rule} ${about}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.list.push({ rule, node: this.node, message, hint });
  }

  has(rule: Rule): boolean {
    return this.list.some((finding) => finding.rule === rule);
  }
}

/** What was thrown, in one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
