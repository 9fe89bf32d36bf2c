/** A tensor of a file: its bytes are little-endian numbers of `dtype`. */
export interface EncodedTensor {
  /** As safetensors calls it: `F32`, `F16`, … */
  dtype: string;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** A safetensors file in pieces that follow one another; tensors in the order in which they are given, data aligned to 8 bytes. */
export function safetensorsPieces(tensors: Iterable<readonly [name: string, EncodedTensor]>, metadata: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const header: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (Object.keys(metadata).length) header['__metadata__'] = metadata;
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.byteLength] };
    at += bytes.byteLength;
    pieces.push(bytes);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces after the header align the data, as the format asks of writers.
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(' '.charCodeAt(0));
  padded.set(json);
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(padded.length), true);
  return [prefix, padded, ...pieces];
}
