import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Engine } from './load.ts';
import type { Ref, TapeAttribute, TapeConstant, TapeOp } from './tape.ts';

type Id = number;
type Metadata = { id: Id; shape: number[]; dtype: number };
type Data = Float32Array | Int32Array | Uint8Array;

/** Ops that give other values each time; never computed ahead, never merged. */
export const statefulOps: ReadonlySet<string> = new Set([
  'Multinomial',
  'ParameterizedTruncatedNormal',
  'RandomGamma',
  'RandomPoissonV2',
  'RandomShuffle',
  'RandomStandardNormal',
  'RandomUniform',
  'RandomUniformInt',
  'TruncatedNormal',
]);

/** Types that tfjs leaves to eager execution to find, and a graph must say: each is that of an input. */
const unsaidTypes: Record<string, readonly [attribute: string, input: number][]> = {
  ExpandDims: [['T', 0], ['Tdim', 1]],
};

/**
 * Stands before the native binding and notes every op that passes. What depends on no input and no state is a
 * constant: it runs here, and only its value is noted, where something that varies uses it.
 */
export class Recorder {
  readonly ops: TapeOp[] = [];
  readonly constants: TapeConstant[] = [];
  readonly handed: TapeConstant[] = [];
  readonly #engine: Engine;
  readonly #binding: Engine['binding'];
  readonly #node: () => string | undefined;
  readonly #refs = new Map<Id, Ref>();
  readonly #types = new Map<Id, number>();
  /** Tensors that are constant, by the node that made them; values are fetched only when they are used. */
  readonly #constant = new Map<Id, { node: string | undefined; shape: readonly number[]; dtype: number; data?: Data }>();
  readonly #origins = new WeakMap<object, string>();
  readonly #pendingDeletes: Id[] = [];
  #refusal: StillroomError | undefined;

  constructor(engine: Engine, node: () => string | undefined) {
    this.#engine = engine;
    this.#binding = engine.binding;
    this.#node = node;
  }

  /** Declares a tensor that the replay is given. */
  declare(id: Id, ref: Ref, dtype: number): void {
    this.#refs.set(id, ref);
    this.#types.set(id, dtype);
  }

  /** Declares a tensor whose value the replay has frozen in it. */
  freeze(id: Id, shape: readonly number[], data: Float32Array): void {
    this.#constant.set(id, { node: undefined, shape, dtype: this.#binding.TF_FLOAT, data });
  }

  /** Records while `work` runs. Constants stay alive until it ends, whatever disposes them. */
  during<T>(work: () => T): T {
    const { backend } = this.#engine;
    const binding = this.#binding;
    const standIn = Object.create(binding, {
      executeOp: { value: this.#execute.bind(this) },
      createTensor: { value: this.#create.bind(this) },
      deleteTensor: { value: this.#delete.bind(this) },
      tensorDataSync: { value: this.#read.bind(this) },
    }) as typeof binding;
    const write = backend.write.bind(backend);
    backend.binding = standIn;
    backend.write = (values, shape, dtype) => {
      const node = this.#node();
      if (node !== undefined && typeof values === 'object') this.#origins.set(values, node);
      return write(values, shape, dtype);
    };
    try {
      const result = work();
      if (this.#refusal) throw this.#refusal;
      return result;
    } finally {
      backend.binding = binding;
      delete (backend as { write?: unknown }).write;
      for (const id of this.#pendingDeletes) binding.deleteTensor(id);
    }
  }

  /** Where the tensor of this id comes from, while recording; a constant becomes part of the tape by being asked for. */
  refOf(id: Id): Ref {
    const known = this.#refs.get(id);
    if (known) return known;
    const { node, shape, dtype, data } = this.#constantOf(id);
    const bytes = bytesOf(data ?? this.#binding.tensorDataSync(id));
    const ref: Ref = { kind: 'constant', constant: this.constants.push({ shape, dtype, bytes, node }) - 1 };
    this.#refs.set(id, ref);
    return ref;
  }

  #varies(id: Id): boolean {
    const ref = this.#refs.get(id);
    return ref !== undefined && ref.kind !== 'constant';
  }

  /** A tensor that was there before the recording began, and was not declared, is a constant of whoever made it. */
  #constantOf(id: Id): { node: string | undefined; shape: readonly number[]; dtype: number; data?: Data } {
    const known = this.#constant.get(id);
    if (known) return known;
    const binding = this.#binding;
    const value = binding.tensorDataSync(id);
    const dtype =
      value instanceof Float32Array ? binding.TF_FLOAT : value instanceof Int32Array ? binding.TF_INT32 : binding.TF_BOOL;
    // Its shape is known to TensorFlow only; an op without effect tells it.
    const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: dtype };
    const [same] = binding.executeOp('Identity', [type], [id], 1) as Metadata[];
    binding.deleteTensor(same!.id);
    const found = { node: this.#node(), shape: same!.shape, dtype, data: value };
    this.#constant.set(id, found);
    return found;
  }

  #execute(op: string, attributes: TapeAttribute[], inputs: Id[], count: number): Metadata[] {
    const outputs = this.#binding.executeOp(op, attributes as never, inputs, count) as Metadata[];
    const node = this.#node();
    if (!statefulOps.has(op) && !inputs.some((id) => this.#varies(id))) {
      for (const { id, shape, dtype } of outputs) this.#constant.set(id, { node, shape, dtype });
      return outputs;
    }
    const refs = inputs.map((id) => this.refOf(id));
    // The caller may use the list of attributes again.
    const said = [...attributes.map((a) => ({ ...a })), ...this.#unsaid(op, inputs)];
    const index = this.ops.push({ op, attributes: said, inputs: refs, node }) - 1;
    outputs.forEach(({ id, dtype }, output) => this.declare(id, { kind: 'op', op: index, output }, dtype));
    return outputs;
  }

  #unsaid(op: string, inputs: readonly Id[]): TapeAttribute[] {
    return (unsaidTypes[op] ?? []).map(([name, input]) => {
      const id = inputs[input]!;
      return { name, type: this.#binding.TF_ATTR_TYPE, value: this.#types.get(id) ?? this.#constantOf(id).dtype };
    });
  }

  #create(shape: number[], dtype: number, data: Data): Id {
    const id = this.#binding.createTensor(shape, dtype, data as never);
    const node = this.#origins.get(data) ?? this.#node();
    this.#constant.set(id, { node, shape: [...shape], dtype, data });
    this.handed.push({ node, shape: [...shape], dtype, bytes: bytesOf(data) });
    return id;
  }

  #delete(id: Id): void {
    if (this.#constant.has(id)) this.#pendingDeletes.push(id);
    else this.#binding.deleteTensor(id);
  }

  #read(id: Id): ReturnType<Engine['binding']['tensorDataSync']> {
    if (!this.#varies(id)) return this.#binding.tensorDataSync(id);
    const node = this.#node();
    this.#refusal ??= new StillroomError(
      'reads-values-back',
      `expected ${node ? 'the node' : 'the program'} to compute in tensors only, found it reading values back`,
      {
        ...(node ? { node } : {}),
        hint: 'use tfjs ops instead of dataSync and arraySync, or declare the node `eager: true`',
      },
    );
    throw this.#refusal;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
