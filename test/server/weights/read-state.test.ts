import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readState } from '../../../server/weights/read-state.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/weights/${name}`, import.meta.url));
const folder = temporaryFolder();

describe.each(['types.zip.pth', 'types.legacy.pth', 'types.safetensors'])('%s', (name) => {
  it('has every type of number as float32', async () => {
    const state = await readState(fixture(name));
    const fractions = [-0.5, -0.25, 0, 0.25, 0.5, 0.75];
    for (const type of ['float64', 'float32', 'float16', 'bfloat16']) {
      expect(state.get(type)).toEqual({ shape: [2, 3], data: Float32Array.from(fractions) });
    }
    for (const type of ['int64', 'int32', 'int16', 'int8']) {
      expect([...state.get(type)!.data]).toEqual([-2, -1, 0, 1, 2, 3]);
    }
    expect([...state.get('uint8')!.data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...state.get('bool')!.data]).toEqual([0, 1, 0, 1, 0, 1]);
    expect(state.size).toBe(10);
  });
});

describe.each(['zip', 'legacy'])("PyTorch's %s format", (format) => {
  it('keeps views of one storage apart, row-major', async () => {
    const state = await readState(fixture(`views.${format}.pth`));
    const at = (row: number, column: number): number => (row * 6 + column - 2) / 4;
    const rows = [0, 1, 2, 3];
    const columns = [0, 1, 2, 3, 4, 5];
    expect([...state.get('whole')!.data]).toEqual(rows.flatMap((r) => columns.map((c) => at(r, c))));
    expect(state.get('transposed')!.shape).toEqual([6, 4]);
    expect([...state.get('transposed')!.data]).toEqual(columns.flatMap((c) => rows.map((r) => at(r, c))));
    expect([...state.get('cut')!.data]).toEqual([1, 2].flatMap((r) => [2, 3, 4].map((c) => at(r, c))));
    expect([...state.get('channels_last')!.data]).toEqual(Array.from({ length: 12 }, (_, n) => (n - 2) / 4));
    expect(state.get('scalar')).toEqual({ shape: [], data: Float32Array.of(7) });
    expect(state.get('empty')).toEqual({ shape: [0, 3], data: new Float32Array(0) });
    expect([...state.get('parameter')!.data]).toEqual([-0.5, -0.25, 0]);
    expect([...state.get('attributed')!.data]).toEqual([-0.5, -0.25]);
    expect(state.get('expanded')!.shape).toEqual([4, 3]);
    expect([...state.get('expanded')!.data]).toEqual(rows.flatMap(() => [-0.5, -0.25, 0]));
    expect([...state.get('stepped')!.data]).toEqual([at(0, 1), at(0, 4), at(2, 1), at(2, 4)]);
    expect([...state.get('tied')!.data]).toEqual([...state.get('whole')!.data]);
  });

  it('finds the state dict in a checkpoint', async () => {
    const state = await readState(fixture(`checkpoint.${format}.pth`));
    expect([...state.keys()]).toEqual([
      '0.weight', '0.bias', '1.weight', '1.bias', '1.running_mean', '1.running_var', '1.num_batches_tracked',
    ]);
    expect([...state.get('1.num_batches_tracked')!.data]).toEqual([-2]);
  });

  it('refuses a whole module, whose reading would run code', async () => {
    await expect(readState(fixture(`module.${format}.pth`))).rejects.toMatchObject({
      code: 'weights-no-state-dict',
      message: expect.stringContaining('a whole pickled module with "torch.nn.modules.linear.Linear"'),
      hint: expect.stringContaining('torch.save(model.state_dict(), FILE)'),
      place: { file: fixture(`module.${format}.pth`) },
    });
  });

  it('refuses a file cut off anywhere', async () => {
    const file = join(folder, `cut.${format}.pth`);
    const whole = fixture(`types.${format}.pth`);
    for (const bytes of [15, 40, 150, 500, 900, 1300, 1700]) {
      copyFileSync(whole, file);
      truncateSync(file, bytes);
      await expect(readState(file), `${bytes} bytes`).rejects.toMatchObject({ code: 'weights-corrupt' });
    }
  });
});

describe('numbers', () => {
  it('of unsigned types, which PyTorch keeps as bytes, become float32', async () => {
    const state = await readState(fixture('unsigned.zip.pth'));
    for (const name of ['uint16', 'uint32', 'uint64']) expect([...state.get(name)!.data]).toEqual([0, 1, 65535]);
  });

  it.each([
    ['complex', 'torch.ComplexFloatStorage'],
    ['quantised', 'torch._utils._rebuild_qtensor'],
    ['sparse', 'torch._utils._rebuild_sparse_tensor'],
    ['float8', 'torch.float8_e4m3fn'],
    ['negated', 'stored negated'],
  ])('that are %s are refused by name', async (name, found) => {
    await expect(readState(fixture(`strange-${name}.zip.pth`))).rejects.toMatchObject({
      code: 'weights-unknown-format',
      message: expect.stringContaining(found),
    });
  });
});

describe("NumPy's arrays", () => {
  const kinds = ['f2', 'f4', 'f8', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8'];

  it.each(['little', 'big'])('of every type, %s-endian', async (order) => {
    const state = await readState(fixture('arrays.npz'));
    for (const kind of kinds) {
      expect(state.get(`${order}.${kind}`), kind).toEqual({ shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
    }
    expect([...state.get(`${order}.b1`)!.data]).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it('of either layout, of any rank', async () => {
    const state = await readState(fixture('arrays.npz'));
    expect(state.get('fortran')).toEqual({ shape: [2, 3, 4], data: Float32Array.from({ length: 24 }, (_, n) => n) });
    expect(state.get('fortran.big')).toEqual({ shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
    expect(state.get('scalar')).toEqual({ shape: [], data: Float32Array.of(7) });
    expect(state.get('empty')!.shape).toEqual([0, 3]);
    expect(state.has('layer.inner.weight')).toBe(true);
  });

  it('that are compressed', async () => {
    const state = await readState(fixture('compressed.npz'));
    expect(state.get('a.weight')!.data).toEqual(new Float32Array(1000));
    expect([...state.get('b')!.data]).toEqual([0, 1, 2]);
  });

  it('of a folder, named by their paths in it', async () => {
    const own = join(folder, 'arrays');
    mkdirSync(join(own, 'layer1'), { recursive: true });
    const array = npy([2], Float32Array.of(1, 2));
    writeFileSync(join(own, 'conv1.weight.npy'), array);
    writeFileSync(join(own, 'layer1', '0.bias.npy'), array);
    writeFileSync(join(own, 'notes.txt'), 'not an array');
    const state = await readState(own);
    expect([...state.keys()]).toEqual(['conv1.weight', 'layer1.0.bias']);
    expect([...state.get('layer1.0.bias')!.data]).toEqual([1, 2]);
  });

  it('one of a folder that is damaged is named', async () => {
    const own = join(folder, 'damaged-arrays');
    mkdirSync(own);
    writeFileSync(join(own, 'weight.npy'), npy([2], Float32Array.of(1, 2)).subarray(0, -1));
    await expect(readState(own)).rejects.toMatchObject({ code: 'weights-corrupt', place: { file: join(own, 'weight.npy') } });
  });
});

/** A `.npy` of version 1, as NEP 1 has it. */
function npy(shape: number[], data: Float32Array): Buffer {
  const header = Buffer.from(`{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`);
  const start = Buffer.from('\x93NUMPY\x01\0\0\0', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, header, new Uint8Array(data.buffer)]);
}

describe('what is no file of weights', () => {
  it('is said to be none', async () => {
    const file = join(folder, 'notes.txt');
    writeFileSync(file, 'these are not weights');
    await expect(readState(file)).rejects.toMatchObject({ code: 'weights-unknown-format', place: { file } });
    writeFileSync(file, '');
    await expect(readState(file)).rejects.toMatchObject({ code: 'weights-unknown-format' });
  });

  it('is told from one that is not there, and from a folder', async () => {
    const file = join(folder, 'nowhere.pth');
    await expect(readState(file)).rejects.toMatchObject({ code: 'file-not-found', place: { file } });
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await expect(readState(empty)).rejects.toMatchObject({ code: 'weights-unknown-format', place: { file: empty } });
  });
});
