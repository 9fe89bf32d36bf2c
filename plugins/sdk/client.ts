import type { Signal } from './signal.ts';

/**
 * What a plugin adds to the editor: ES modules without imports, each in a sandboxed frame of its own. They see what they
 * are given and nothing else: no session, no network, no document of the workbench.
 */

/** Colours of the workbench around a frame. As CSS variables: `--text`, `--quiet`, `--ground`, `--raised`, `--line`, `--accent`, `--bad`. */
export type Theme = 'light' | 'dark';

/** A value that flows at a socket, for one image. */
export interface ViewerInput {
  signal: Signal;
  /** Shape of the value, without the batch. */
  shape: readonly number[];
  /** Row-major, NHWC; a copy that is the viewer's own. */
  data: Float32Array;
  /** The image that it was computed from: its path in the dataset, and `good` or the name of its defect; null where unknown. */
  sample: { file: string; defect: string } | null;
  /** That image as the graph sees it, RGBA, 0–255; null where none lies above the socket. */
  image: { width: number; height: number; data: Uint8ClampedArray } | null;
  theme: Theme;
}

/** Something drawn into a frame, again whenever what it shows is another. */
export interface Shows<Input> {
  show(input: Input): void | Promise<void>;
  /** Called before the frame is taken away, where there is time for it. */
  close?(): void;
}

/** The default export of a viewer's module; called once, with an empty element. */
export type MountViewer = (root: HTMLElement) => Shows<ViewerInput> | Promise<Shows<ViewerInput>>;

/** A parameter that is to be set. */
export interface ControlInput {
  value: unknown;
  title: string;
  help: string | null;
  theme: Theme;
}

export interface ControlHost {
  /** Sets the parameter; while somebody drags, as often as it likes: that makes one step of undo. */
  change(value: unknown): void;
}

/** The default export of a control's module; called once, with an empty element. */
export type MountControl = (root: HTMLElement, host: ControlHost) => Shows<ControlInput> | Promise<Shows<ControlInput>>;
