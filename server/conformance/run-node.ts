import type {
  AnyNodeDefinition,
  HostTensor,
  Signals,
  Tensor,
  Tensors,
  Tf,
  Weight,
  WeightSpec,
} from '../../plugins/sdk/index.ts';
import type { Backend } from './backend.ts';

/** One run of one node by itself, op by op. */
export interface NodeRun {
  definition: AnyNodeDefinition;
  params: unknown;
  /** What flows in and out, as inferred. */
  inputs: Signals;
  outputs: Signals;
  weights: readonly WeightSpec[];
  /** By socket, with the batch dimension. */
  feeds: Record<string, HostTensor>;
  /** By weight. */
  values: ReadonlyMap<string, Float32Array>;
  training?: boolean;
  seed?: readonly [number, number];
  /** A scalar to differentiate by the trainable weights and the inputs. */
  loss?: (outputs: Tensors, tf: Tf) => Tensor;
  /** Done after the node was built and before it runs. */
  between?: () => void;
}

export interface NodeResult {
  outputs: Record<string, HostTensor & { dtype: string }>;
  /** Value of the loss, where one was asked for. */
  loss?: number;
  /** By trainable weight, and by input; null where no gradient comes. */
  gradients: Record<string, Float32Array | null>;
  inputGradients: Record<string, Float32Array | null>;
  /** Names of the weights that were read. */
  read: ReadonlySet<string>;
  /** What the node moved itself, by weight. */
  assigned: Record<string, HostTensor>;
  /** How often a value was fetched from the library while the node ran. */
  readBacks: number;
  /** Tensors that are there afterwards and were not before. */
  left: number;
}

/** Runs a node once, eagerly. What its `build`, or what that gives, throws comes through. */
export function runNode({ tf, kernels }: Pick<Backend, 'tf' | 'kernels'>, run: NodeRun): NodeResult {
  const before = tf.memory().numTensors;
  const result: Omit<NodeResult, 'left' | 'readBacks'> = { outputs: {}, gradients: {}, inputGradients: {}, read: new Set(), assigned: {} };
  const reads = countReads(tf);
  try {
    tf.tidy(() => {
      const tensors = mapValues(run.feeds, ({ shape, data }) => tf.tensor(data.slice(), [...shape], 'float32'));
      const values = Object.fromEntries(
        run.weights.map(({ name, shape }) => [name, tf.tensor(run.values.get(name)!.slice(), [...shape], 'float32')]),
      );
      const forward = (): Tensors => {
        const weights = weightsOf(run.weights, values, result, reads.pause);
        const env = { tf, kernels, weights, inputs: run.inputs, outputs: run.outputs };
        const apply = run.definition.build!(env, run.params as never);
        run.between?.();
        const outputs = apply(tensors, { training: run.training ?? false, seed: tf.tensor1d([...(run.seed ?? [0, 0])], 'int32') });
        reads.pause(() => {
          result.outputs = mapValues(outputs, (tensor) => ({ ...toHost(tensor), dtype: tensor.dtype }));
        });
        return outputs;
      };
      reads.begin();
      if (run.loss) differentiate(tf, run, forward, values, tensors, result, reads.pause);
      else forward();
    });
  } finally {
    reads.end();
  }
  return { ...result, readBacks: reads.count, left: tf.memory().numTensors - before };
}

type Found = Omit<NodeResult, 'left' | 'readBacks'>;
type Pause = <T>(work: () => T) => T;

function differentiate(tf: Tf, run: NodeRun, forward: () => Tensors, values: Tensors, inputs: Tensors, found: Found, pause: Pause): void {
  const trainable = run.weights.filter(({ role }) => role === 'trainable').map(({ name }) => name);
  const sockets = Object.keys(inputs);
  const sought = [...trainable.map((name) => values[name]!), ...sockets.map((socket) => inputs[socket]!)];
  const engine = tf.engine();
  try {
    const { value, grads } = engine.gradients(() => run.loss!(forward(), tf), sought, undefined, true);
    pause(() => {
      found.loss = value.dataSync()[0]!;
      const onHost = grads.map((gradient?: Tensor) => (gradient ? (gradient.dataSync() as Float32Array) : null));
      trainable.forEach((name, i) => (found.gradients[name] = onHost[i]!));
      sockets.forEach((socket, i) => (found.inputGradients[socket] = onHost[trainable.length + i]!));
    });
  } catch (cause) {
    // What was saved for the backward pass is held by tfjs until that pass ends, and this one does not begin.
    for (const { saved } of engine.state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose();
    throw cause;
  }
}

function weightsOf(specs: readonly WeightSpec[], values: Tensors, found: Found, pause: Pause): Record<string, Weight> {
  const weight = (spec: WeightSpec): Weight => ({
    spec,
    read() {
      (found.read as Set<string>).add(spec.name);
      return values[spec.name]!;
    },
    assign: (value) => pause(() => void (found.assigned[spec.name] = toHost(value))),
  });
  return Object.fromEntries(specs.map((spec) => [spec.name, weight(spec)]));
}

function toHost(tensor: Tensor): HostTensor {
  return { shape: [...tensor.shape], data: Float32Array.from(tensor.dataSync()) };
}

/** Counts what is fetched from the library, while it does. */
function countReads(tf: Tf): { count: number; begin(): void; end(): void; pause: Pause } {
  const engine = tf.engine() as unknown as Record<'read' | 'readSync', ((id: object) => unknown) | undefined>;
  const replaced = new Map<'read' | 'readSync', ((id: object) => unknown) | undefined>();
  let [active, depth] = [false, 0];
  const counter = {
    count: 0,
    begin(): void {
      active = true;
      for (const name of ['read', 'readSync'] as const) {
        const inherited = Object.getPrototypeOf(engine)[name] as (id: object) => unknown;
        const outer = Object.hasOwn(engine, name) ? engine[name] : undefined;
        replaced.set(name, outer);
        engine[name] = function (id) {
          if (depth === 0) counter.count++;
          return inherited.call(engine, id);
        };
      }
    },
    end(): void {
      if (!active) return;
      active = false;
      for (const [name, outer] of replaced) {
        if (outer) engine[name] = outer;
        else delete engine[name];
      }
    },
    pause<T>(work: () => T): T {
      depth++;
      try {
        return work();
      } finally {
        depth--;
      }
    },
  };
  return counter;
}

function mapValues<A, B>(record: Record<string, A>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}
