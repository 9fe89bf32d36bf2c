/** An array of numbers as files have it, row-major. */
export interface WeightArray {
  shape: readonly number[];
  data: Float32Array;
}

/** A file of weights while it is read, in a process of its own. */
export interface WeightsFile {
  /** What it is called, without its folder. */
  name: string;
  /** Where it lies, for libraries that open files themselves. */
  path: string;
  /** Bytes. */
  size: number;
  /** Its bytes from a place on: so many, or fewer where it ends before; all to its end where `length` is absent. */
  bytes(from?: number, length?: number): Promise<Uint8Array>;
}

/**
 * A format of files of weights. It is tried where none of the built-in ones is recognised (safetensors, PyTorch, NumPy), in
 * processes that work with weights; what it gives is imported by key maps and checked as of any other file.
 */
export interface WeightReader {
  /** `<plugin>/<reader>`. */
  name: string;
  /** The format, for a person: `HDF5 as Keras writes it`. */
  title: string;
  /** What its files end with: `.h5`. Said to people; what a file is, its bytes decide. */
  extensions: readonly string[];
  /** Whether a file is of this format, by its first 64 bytes, or all of a shorter one. */
  recognises(start: Uint8Array): boolean;
  /**
   * Arrays by their names in the file, laid out as PyTorch has them (kernels `[out, in, kh, kw]`). What is thrown is told of
   * the file, in the reader's name.
   */
  read(file: WeightsFile): ReadonlyMap<string, WeightArray> | Promise<ReadonlyMap<string, WeightArray>>;
  /** A small file and what is in it: what the conformance kit holds `recognises` and `read` to. */
  example?(): { bytes: Uint8Array; tensors: ReadonlyMap<string, WeightArray> };
}
