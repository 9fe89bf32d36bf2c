import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensors, readSafetensorsContent, writeSafetensors } from '../../../server/weights/safetensors.ts';
import type { StateDict } from '../../../server/weights/state-dict.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;

/** A file of this header, as text or as the object it is, and so many bytes of data. */
function file(header: unknown, data = 0, stated?: bigint): string {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(stated ?? BigInt(json.length));
  const path = join(folder, `${count++}.safetensors`);
  writeFileSync(path, Buffer.concat([length, json, Buffer.alloc(data)]));
  return path;
}

const f32 = (shape: number[], begin: number, end: number): object => ({ dtype: 'F32', shape, data_offsets: [begin, end] });

describe('a round trip', () => {
  const tensors: StateDict = new Map([
    ['b', { shape: [2, 2], data: Float32Array.of(1, -2.5, 3e-8, 4e30) }],
    ['a', { shape: [], data: Float32Array.of(7) }],
    ['none', { shape: [0, 4], data: new Float32Array(0) }],
    ['constructor', { shape: [1], data: Float32Array.of(9) }],
  ]);

  it('keeps names, order, shapes, bits and metadata', async () => {
    const path = join(folder, 'new', 'folder', 'round.safetensors');
    await writeSafetensors(path, tensors, { epoch: '3' });
    const { tensors: read, metadata } = await readSafetensorsContent(path);
    expect([...read]).toEqual([...tensors]);
    expect(metadata).toEqual({ epoch: '3' });
  });

  it('writes the same bytes twice, the data aligned to 8', async () => {
    const [one, two] = [join(folder, 'one.safetensors'), join(folder, 'two.safetensors')];
    await writeSafetensors(one, tensors);
    await writeSafetensors(two, tensors);
    const bytes = readFileSync(one);
    expect(bytes.equals(readFileSync(two))).toBe(true);
    expect(bytes.readBigUInt64LE(0) % 8n).toBe(0n);
  });

  it('in half precision rounds to the nearest half', async () => {
    const path = join(folder, 'half.safetensors');
    // 1 + 2⁻¹¹ lies between two halves (the even one is 1); the next float above rounds up to 1 + 2⁻¹⁰.
    const data = Float32Array.of(1, -0.1, 65504, 65520, 1 + 2 ** -11, 1 + 2 ** -11 + 2 ** -20, 2 ** -24, 2 ** -26, -0);
    await writeSafetensors(path, new Map([['x', { shape: [9], data }]]), {}, { format: 'F16' });
    const read = (await readSafetensors(path)).get('x')!;
    // -0.0999755859375 is numpy.float16(-0.1).
    const expected = [1, -0.0999755859375, 65504, Infinity, 1, 1 + 2 ** -10, 2 ** -24, 0, -0];
    expect([...read.data]).toEqual(expected);
  });

  it('refuses numbers that do not fill their shape', async () => {
    const wrong: StateDict = new Map([['x', { shape: [3], data: new Float32Array(2) }]]);
    await expect(writeSafetensors(join(folder, 'wrong.safetensors'), wrong)).rejects.toThrow(RangeError);
  });
});

describe('a write that fails', () => {
  it('leaves what was there and nothing else', async () => {
    const own = join(folder, 'failing');
    const path = join(own, 'kept.safetensors');
    await writeSafetensors(path, new Map([['x', { shape: [1], data: Float32Array.of(1) }]]));
    const before = readFileSync(path);
    const unwritable = { shape: [1], get data(): Float32Array { return failing(); } };
    await expect(writeSafetensors(path, new Map([['x', unwritable]]))).rejects.toThrow('no data');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(own)).toEqual(['kept.safetensors']);
  });

  it('over a folder says so', async () => {
    const path = join(folder, 'taken');
    mkdirSync(join(path, 'inner'), { recursive: true });
    await expect(writeSafetensors(path, new Map())).rejects.toMatchObject({ code: 'cannot-write', place: { file: path } });
    expect(statSync(path).isDirectory()).toBe(true);
  });
});

function failing(): never {
  throw new Error('no data');
}

describe('a damaged or hostile file', () => {
  it.each<[string, string, string]>([
    ['shorter than its first number', (() => { const p = join(folder, 'short'); writeFileSync(p, 'abc'); return p; })(),
      'expected 8 bytes, found 3'],
    ['a header longer than the file', file({}, 0, 10_000n), 'found one of 10000 bytes'],
    ['a header of exabytes', file({}, 0, 2n ** 63n), 'expected a header within'],
    ['a header that is no JSON', file('{"x": '), 'expected a safetensors header in JSON'],
    ['a header that is no object', file('[1]'), 'expected a safetensors header in JSON'],
    ['a tensor without a shape', file({ x: { dtype: 'F32', data_offsets: [0, 4] } }, 4), 'x.shape'],
    ['negative sides', file({ x: f32([-1, -1], 0, 4) }, 4), 'x.shape'],
    ['sides of fractions', file({ x: f32([0.5, 2], 0, 4) }, 4), 'x.shape'],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }), 'expected a header'],
    ['offsets beyond the file', file({ x: f32([4], 0, 16) }, 8), 'expected 16 bytes of tensor data, found 8'],
    ['offsets the wrong way round', file({ x: f32([1], 4, 0) }, 4), 'tensor "x": expected 4 bytes'],
    ['a shape of other bytes', file({ x: f32([3], 0, 8) }, 8), 'tensor "x": expected 12 bytes for 3 F32'],
    ['a shape beyond all memory', file({ x: f32([2 ** 40, 2 ** 40], 0, 8) }, 8), 'tensor "x": expected'],
    ['overlapping tensors', file({ x: f32([2], 0, 8), y: f32([2], 4, 12) }, 12), 'tensor "y": expected its data from byte 8'],
    ['a hole', file({ x: f32([1], 0, 4), y: f32([1], 8, 12) }, 12), 'leaving a hole'],
    ['a name twice', file('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8),
      'leaving a hole'],
    ['bytes behind the tensors', file({ x: f32([1], 0, 4) }, 5), 'expected 4 bytes of tensor data, found 5'],
  ])('with %s is refused', async (_, path, message) => {
    await expect(readSafetensors(path)).rejects.toMatchObject({
      code: 'weights-corrupt',
      message: expect.stringContaining(message),
      place: { file: path },
    });
  });

  it('of an unknown number format is told so', async () => {
    const path = file({ x: { dtype: 'F8_E4M3', shape: [4], data_offsets: [0, 4] } }, 4);
    await expect(readSafetensors(path)).rejects.toMatchObject({
      code: 'weights-unknown-format',
      message: 'expected numbers of a known format, found F8_E4M3',
      place: { file: path, field: 'x' },
    });
  });
});
