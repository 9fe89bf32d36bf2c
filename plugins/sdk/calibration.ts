/** A batch of values on the host, row-major, batch first. */
export interface HostTensor {
  shape: readonly number[];
  data: Float32Array;
}

/** Learns statistics of normal images from the node's inputs, batch by batch, on the host. */
export interface CalibrationPass {
  /** Which normal images it sees. */
  images: 'validation' | 'train';
  begin(): {
    /** One batch of the node's inputs, by socket. */
    add(inputs: Record<string, HostTensor>): void;
    /** Values of the node's `calibrated` weights, by weight name. */
    finish(): Record<string, Float32Array>;
  };
}
