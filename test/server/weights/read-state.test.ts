import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
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
      code: 'weights-corrupt',
      message: expect.stringContaining('found "torch.nn.modules.linear.Linear"'),
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
    await expect(readState(folder)).rejects.toMatchObject({ code: 'file-unreadable', place: { file: folder } });
  });
});
