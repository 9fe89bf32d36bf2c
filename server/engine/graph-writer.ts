import { createHash } from 'node:crypto';
import { graphNames } from './graph-names.ts';
import { tensorShape, type AttrValue, type NodeDef } from './graphdef.ts';
import type { Engine } from './load.ts';
import { sizeOf } from './program-checks.ts';
import { statefulOps } from './recorder.ts';
import type { TapeAttribute, TapeConstant } from './tape.ts';

/** A constant of one repeated value is written out in full up to this many bytes. */
const largestLiteral = 1024;

/** Writes a graph's nodes, each op and each constant once. */
export class GraphWriter {
  readonly nodes: NodeDef[] = [];
  readonly owners = new Map<string, string>();
  readonly float: AttrValue;
  readonly #engine: Engine;
  readonly #known = new Map<string, string>();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.float = { type: engine.binding.TF_FLOAT };
  }

  add(name: string, op: string, input: string[], attr: Record<string, AttrValue>): string {
    this.nodes.push({ name, op, input, attr });
    return name;
  }

  unique(name: string): string {
    return `${name}_${this.nodes.length}`;
  }

  /** An op in the name of a node; the earlier one where there is an equal. */
  op(op: string, inputs: string[], attr: Record<string, AttrValue>, node: string | undefined): string {
    const key = JSON.stringify([op, inputs, Object.entries(attr).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const earlier = statefulOps.has(op) ? undefined : this.#known.get(key);
    if (earlier) return earlier;
    const name = this.add(this.unique(`${this.#prefix(node)}/${op}`), op, inputs, attr);
    this.#known.set(key, name);
    return name;
  }

  constant({ shape, dtype, bytes, node }: TapeConstant): string {
    const key = `${dtype} ${shape.join()} ${createHash('sha256').update(bytes).digest('hex')}`;
    const earlier = this.#known.get(key);
    if (earlier) return earlier;
    const literal = (shape: readonly number[], dtype: number, bytes: Uint8Array): string =>
      this.add(this.unique(`${this.#prefix(node)}/Const`), 'Const', [], {
        dtype: { type: dtype },
        value: { tensor: { dtype, tensorShape: tensorShape(shape), tensorContent: bytes } },
      });
    const width = bytes.length / sizeOf(shape);
    const name =
      bytes.length > largestLiteral && repeats(bytes, width)
        ? this.#filled(shape, dtype, literal([], dtype, bytes.subarray(0, width)), node)
        : literal(shape, dtype, bytes);
    this.#known.set(key, name);
    return name;
  }

  scalar(value: number): string {
    const bytes = new Uint8Array(Float32Array.of(value).buffer);
    return this.constant({ shape: [], dtype: this.float.type!, bytes, node: undefined });
  }

  #filled(shape: readonly number[], dtype: number, value: string, node: string | undefined): string {
    const int = this.#engine.binding.TF_INT32;
    const dims = Int32Array.from(shape);
    const bytes = new Uint8Array(dims.buffer);
    const size = this.constant({ shape: [dims.length], dtype: int, bytes, node });
    return this.op('Fill', [size, value], { T: { type: dtype }, index_type: { type: int } }, node);
  }

  placeholder(name: string, { shape, dtype }: { shape: readonly number[]; dtype: 'float32' | 'int32' }): string {
    const type = dtype === 'float32' ? this.float : { type: this.#engine.binding.TF_INT32 };
    return this.add(name, 'Placeholder', [], { dtype: type, shape: { shape: tensorShape(shape) } });
  }

  /** A variable, its read, and a way to give it a value from outside. */
  variable(index: number, shape: readonly number[]): void {
    const handle = graphNames.handle(index);
    const text = (s: string): AttrValue => ({ s: Buffer.from(s) });
    this.add(handle, 'VarHandleOp', [], {
      dtype: this.float,
      shape: { shape: tensorShape(shape) },
      shared_name: text(handle),
      container: text(''),
    });
    this.add(graphNames.value(index), 'ReadVariableOp', [handle], { dtype: this.float });
    const given = this.placeholder(graphNames.given(index), { shape, dtype: 'float32' });
    this.signal(graphNames.written(index), [`^${this.assign(handle, given, [])}`]);
  }

  /**
   * Assigns a copy: a variable would otherwise share the memory of what it is given, which may belong to JavaScript and
   * must then not be freed on a thread of TensorFlow's.
   */
  assign(handle: string, value: string, after: string[]): string {
    const copy = this.add(this.unique(`${handle}/copy`), 'DeepCopy', [value], { T: this.float });
    return this.add(this.unique(`${handle}/assign`), 'AssignVariableOp', [handle, copy, ...after], { dtype: this.float });
  }

  /** Something to fetch that has happened when all of `after` have. */
  signal(name: string, after: string[]): void {
    const tensor = { dtype: this.float.type!, tensorShape: tensorShape([]), tensorContent: new Uint8Array(4) };
    this.add(name, 'Const', after, { dtype: this.float, value: { tensor } });
  }

  attributes(attributes: readonly TapeAttribute[]): Record<string, AttrValue> {
    return Object.fromEntries(attributes.map((a) => [a.name, this.#attribute(a)]));
  }

  #attribute({ type, value }: TapeAttribute): AttrValue {
    const { binding } = this.#engine;
    switch (type) {
      case binding.TF_ATTR_STRING:
        return { s: Buffer.from(value as string) };
      case binding.TF_ATTR_INT:
        return Array.isArray(value) ? { list: { i: value } } : { i: value as number };
      case binding.TF_ATTR_FLOAT:
        return Array.isArray(value) ? { list: { f: value } } : { f: value as number };
      case binding.TF_ATTR_BOOL:
        return Array.isArray(value) ? { list: { b: value } } : { b: value as boolean };
      case binding.TF_ATTR_TYPE:
        return { type: value as number };
      default:
        return { shape: tensorShape(value as number[]) };
    }
  }

  #prefix(node: string | undefined): string {
    if (node === undefined) return 'program';
    const prefix = `node/${node.replace(/[^A-Za-z0-9_.\-/]/g, '_')}`;
    this.owners.set(prefix, node);
    return prefix;
  }
}

function repeats(bytes: Uint8Array, width: number): boolean {
  for (let i = width; i < bytes.length; i++) if (bytes[i] !== bytes[i - width]) return false;
  return true;
}
