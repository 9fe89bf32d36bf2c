import type { Signal, SocketType } from './signal.ts';

/** Shapes by which sockets of a type are marked, so that they are told apart without colour. */
export const socketMarks = ['square', 'hexagon', 'diamond', 'circle', 'triangle', 'cross', 'drum', 'peak'] as const;
export type SocketMark = (typeof socketMarks)[number];

/** How values of a type are looked at where nobody asks for something else. */
export const socketPreviews = ['image', 'map', 'features', 'histogram', 'number', 'none'] as const;
export type SocketPreview = (typeof socketPreviews)[number];

/** A type of sockets: what editors say and draw of it. Only equal types fit together. */
export interface SocketTypeDefinition {
  /** `<plugin>/<name>`; stable for ever. */
  type: SocketType;
  /** What it is called, such as `heat map`. */
  title: string;
  /** `#rrggbb` on a light ground and on a dark one; each should stand out from it by 3 : 1. */
  colour: { light: string; dark: string };
  /** A peak where absent. */
  mark?: SocketMark;
  /** A few words on what flows on an edge, in the place of its shape. Pure, no tensors, microseconds. */
  describe?(signal: Signal): string;
  /** By the value's shape where absent; `none` of what nobody can look at; `viewer` is one of the plugin's own, `<plugin>/<viewer>`. */
  preview?: SocketPreview | { viewer: string };
}
