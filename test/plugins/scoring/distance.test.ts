import { describe, expect, it } from 'vitest';
import { distance } from '../../../plugins/scoring/distance.ts';
import { createRandom, type DistanceForm, type Signal } from '../../../plugins/sdk/index.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

const features = (h: number, w: number, c: number, extra: Partial<Signal> = {}): Signal => ({
  type: 'features',
  shape: [h, w, c],
  stride: 16,
  image: [224, 224],
  ...extra,
});

describe('what a distance map is made of', () => {
  it('teacher and student 14×14×112 /16 → map 14×14×1 /16 of the same images', () => {
    const { outputs, problems } = inferNode(distance, { teacher: features(14, 14, 112), student: features(14, 14, 112) });
    expect(problems).toEqual([]);
    expect(outputs).toEqual({ map: { type: 'map', shape: [14, 14, 1], stride: 16, image: [224, 224] } });
  });

  it('teacher 28×28×64 /8 pooled to the student: map 14×14×1 /16', () => {
    const inputs = { teacher: features(28, 28, 64, { stride: 8 }), student: features(14, 14, 64) };
    expect(inferNode(distance, inputs, { match: 'pool' })).toMatchObject({
      outputs: { map: { type: 'map', shape: [14, 14, 1], stride: 16 } },
      problems: [],
    });
  });

  it('costs three multiply-adds a channel: 2×3×4 → 72, and 4·6·(3·4 + 1) bytes', () => {
    const { cost } = inferNode(distance, { teacher: features(2, 3, 4), student: features(2, 3, 4) });
    expect(cost).toEqual({ parameters: 0, multiplyAdds: 72, activationBytes: 312 });
  });
});

describe('what a distance map refuses, at the socket of the student', () => {
  it.each([
    [
      'other channels',
      features(14, 14, 112),
      features(14, 14, 80),
      'strict',
      'shape-mismatch',
      'expected 112 channels as on "teacher", found 80',
    ],
    [
      'twice the positions, where sizes must be equal',
      features(28, 28, 64),
      features(14, 14, 64),
      'strict',
      'shape-mismatch',
      'expected 28×28 positions as on "teacher", found 14×14',
    ],
    [
      'no whole number of positions, even where the teacher may be pooled',
      features(15, 15, 64),
      features(7, 7, 64),
      'pool',
      'shape-mismatch',
      'expected 15×15 positions as on "teacher", found 7×7',
    ],
    [
      'another factor along rows than along columns',
      features(28, 14, 64),
      features(14, 14, 64),
      'pool',
      'shape-mismatch',
      'expected 28×14 positions as on "teacher", found 14×14',
    ],
    [
      'fewer positions in the teacher',
      features(7, 7, 64),
      features(14, 14, 64),
      'pool',
      'shape-mismatch',
      'expected 7×7 positions as on "teacher", found 14×14',
    ],
    [
      'features of other images',
      features(14, 14, 64),
      features(14, 14, 64, { image: [256, 256] }),
      'strict',
      'image-mismatch',
      'expected features of 224×224 images as on "teacher", found those of 256×256',
    ],
  ])('%s', (_, teacher, student, match, code, message) => {
    const { outputs, problems } = inferNode(distance, { teacher, student }, { match });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([{ code, socket: 'student', message }]);
    expect(problems[0]!.hint).toBeTruthy();
  });

  it('says that a teacher of twice the size can be pooled', () => {
    const { problems } = inferNode(distance, { teacher: features(4, 4, 1), student: features(2, 2, 1) });
    expect(problems[0]!.hint).toContain('set `match` to "pool"');
  });
});

/** A map of one image from its values, position after position. */
async function mapOf(
  form: DistanceForm,
  teacher: readonly number[],
  student: readonly number[],
  [h, w, c]: readonly [number, number, number],
): Promise<number[]> {
  const tensor = (values: readonly number[]) =>
    ({ type: 'features', shape: [1, h, w, c], data: Float32Array.from(values) }) as const;
  const inputs = { teacher: tensor(teacher), student: tensor(student) };
  const { map } = await runNode(distance, paramsOf(distance, { form }), inputs);
  expect(map!.shape).toEqual([1, h, w, 1]);
  return [...map!.data];
}

describeWith(engineNeed(), 'distance maps by hand', () => {
  it('cosine map 2×2, one pixel differs → 1 there, 0 elsewhere', async () => {
    // Lengths differ everywhere; at the second position the vectors stand at right angles.
    const teacher = [3, 4, 1, 0, 0, 2, 5, 5];
    const student = [6, 8, 0, 7, 0, 1, 1, 1];
    const found = await mapOf('cosine', teacher, student, [2, 2, 2]);
    [0, 1, 0, 0].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
  });

  // Parallel; 60° apart; at right angles; opposite.
  const teacher = [2, 0, 1, 0, 1, 0, 1, 0];
  const student = [5, 0, 1, Math.sqrt(3), 0, 3, -4, 0];

  it.each<[DistanceForm, string, readonly number[]]>([
    ['cosine', '1 − cos', [0, 0.5, 1, 2]],
    ['squared-l2', '½ · (2 − 2 cos)', [0, 0.5, 1, 2]],
    ['l2', '½ · √(2 − 2 cos)', [0, 0.5, Math.SQRT1_2, 1]],
    ['mse', 'of raw features, mean over channels', [9 / 2, 3 / 2, (1 + 9) / 2, 25 / 2]],
  ])('%s map 2×2 of 0°, 60°, 90°, 180°: %s', async (form, _, expected) => {
    const found = await mapOf(form, teacher, student, [2, 2, 2]);
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
  });

  it.each<[DistanceForm, number]>([
    ['cosine', 1],
    ['squared-l2', 0.5],
    ['l2', 0.5],
    ['mse', 12.5],
  ])('%s map 1×1 of a zero vector and (3, 4): %d', async (form, expected) => {
    expect((await mapOf(form, [0, 0], [3, 4], [1, 1, 2]))[0]).toBeCloseTo(expected, 5);
  });

  it.each<DistanceForm>(['cosine', 'squared-l2', 'l2', 'mse'])('%s map 8×8×7 of equal features: 0, never below', async (form) => {
    const random = createRandom('equal');
    const values = Array.from({ length: 8 * 8 * 7 }, () => 100 * random.normal());
    for (const value of await mapOf(form, values, values, [8, 8, 7])) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1e-6);
    }
  });

  it.each<[DistanceForm, (t: readonly number[], s: readonly number[]) => number]>([
    ['cosine', (t, s) => 1 - dot(t, s) / Math.sqrt(dot(t, t) * dot(s, s))],
    ['squared-l2', (t, s) => 0.5 * squared(unit(t), unit(s))],
    ['l2', (t, s) => 0.5 * Math.sqrt(squared(unit(t), unit(s)))],
    ['mse', (t, s) => squared(t, s) / t.length],
  ])('%s map 3×4 of 5 random channels, as computed position by position', async (form, slow) => {
    const random = createRandom('distance', form);
    const [teacher, student] = [0, 1].map(() => Array.from({ length: 60 }, random.normal)) as [number[], number[]];
    const found = await mapOf(form, teacher, student, [3, 4, 5]);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(slow(teacher.slice(5 * i, 5 * i + 5), student.slice(5 * i, 5 * i + 5)), 5);
    });
  });

  it('teacher 2×2 pooled to a student 1×1: its mean (2, 2) is parallel to (1, 1)', async () => {
    const teacher = { type: 'features', shape: [1, 2, 2, 2], data: Float32Array.of(8, 0, 0, 8, 0, 0, 0, 0) } as const;
    const student = { type: 'features', shape: [1, 1, 1, 2], data: Float32Array.of(1, 1) } as const;
    const params = (form: DistanceForm) => paramsOf(distance, { form, match: 'pool' });
    expect((await runNode(distance, params('cosine'), { teacher, student }))['map']!.data[0]).toBeCloseTo(0, 6);
    expect((await runNode(distance, params('mse'), { teacher, student }))['map']!.data[0]).toBeCloseTo(1, 6);
  });
});

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const unit = (a: readonly number[]): number[] => a.map((x) => x / Math.sqrt(dot(a, a)));
const squared = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
