import type { Place } from './problem.ts';

/**
 * What flows on an edge, known without a tensor: the socket type, the shape, and where in the image it lies.
 * Shapes are NHWC without the batch dimension, which is every program's own choice.
 */
export interface Signal {
  /** Socket type: `images`, `features`, `map`, `score`, `loss`, `dataset`, `weights`, `report`, or `<plugin>/<type>`. */
  type: SocketType;
  /** Shape of one sample: `[H, W, C]` for images, features and maps; `[]` for scores and losses. */
  shape: readonly number[];
  /** Pixels of the input image between neighbouring positions, where the value is spatial. */
  stride?: number;
  /** Height and width of the input image the value was computed from, where the value is spatial. */
  image?: readonly [number, number];
  /** True of a map whose values may be below zero (z-scored, say), so that it must not be multiplied with another. */
  centred?: boolean;
}

export type BuiltinSocketType =
  | 'dataset'
  | 'images'
  | 'features'
  | 'map'
  | 'score'
  | 'loss'
  | 'weights'
  | 'report';
export type SocketType = BuiltinSocketType | `${string}/${string}`;

export interface Socket {
  type: SocketType;
  /** Shown at the socket; the socket's name where absent. */
  title?: string;
  /** An input that may stay unconnected. */
  optional?: boolean;
}

export type Sockets = Record<string, Socket>;

export const dataset = (extra: Partial<Socket> = {}): Socket => ({ type: 'dataset', ...extra });
export const images = (extra: Partial<Socket> = {}): Socket => ({ type: 'images', ...extra });
export const features = (extra: Partial<Socket> = {}): Socket => ({ type: 'features', ...extra });
export const map = (extra: Partial<Socket> = {}): Socket => ({ type: 'map', ...extra });
export const score = (extra: Partial<Socket> = {}): Socket => ({ type: 'score', ...extra });
export const loss = (extra: Partial<Socket> = {}): Socket => ({ type: 'loss', ...extra });
export const weights = (extra: Partial<Socket> = {}): Socket => ({ type: 'weights', ...extra });
export const report = (extra: Partial<Socket> = {}): Socket => ({ type: 'report', ...extra });

/** `14×14×112 /16`: the caption of an edge. */
export function describeSignal(signal: Signal): string {
  const shape = signal.shape.length ? signal.shape.join('×') : signal.type;
  return signal.stride && signal.stride > 1 ? `${shape} /${signal.stride}` : shape;
}

/** What a node needs to run for one image, computed without running it. */
export interface Cost {
  /** Weights of the node, trainable and frozen, counted as numbers. */
  parameters: number;
  /** Multiply-adds for one image. */
  multiplyAdds: number;
  /** Bytes of float32 activations the node writes for one image. */
  activationBytes: number;
}

/** What `infer` reports besides its outputs. */
export interface InferContext {
  /** Adds a located problem; `infer` may go on and report more. Severity is `error` unless said. */
  problem(
    problem: Pick<Place, 'socket' | 'field'> & {
      code: string;
      message: string;
      hint?: string;
      severity?: 'error' | 'warning';
    },
  ): void;
  /** Adds to the node's cost. */
  cost(cost: Partial<Cost>): void;
}
