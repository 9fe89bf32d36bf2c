import { crc32c } from '@node-rs/crc32';

/**
 * One record of a TFRecord file: length (uint64, little-endian), masked CRC-32C of it, the bytes, masked CRC-32C of these
 * (tensorflow/core/lib/io/record_writer).
 */
export function tfRecord(bytes: Uint8Array): Buffer {
  const record = Buffer.alloc(8 + 4 + bytes.length + 4);
  record.writeBigUInt64LE(BigInt(bytes.length), 0);
  record.writeUInt32LE(masked(record.subarray(0, 8)), 8);
  record.set(bytes, 12);
  record.writeUInt32LE(masked(bytes), 12 + bytes.length);
  return record;
}

/** Rotated by 15 bits and moved by a constant, so that the CRC of data that holds its own CRC is no trivial one. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
