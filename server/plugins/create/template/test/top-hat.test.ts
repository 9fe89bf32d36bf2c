import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeNode } from 'stillroom/conformance';
import { topHat } from '../src/top-hat.ts';

/** A map of 9×9 positions, by a function of row and column. */
const mapOf = (value: (row: number, column: number) => number) => ({ type: 'map' as const, shape: [9, 9, 1], data: Float32Array.from({ length: 81 }, (_, i) => value(Math.floor(i / 9), i % 9)) });
const peaks = async (value: (row: number, column: number) => number): Promise<number[]> => [...(await computeNode(topHat, { params: { window: 3 }, inputs: { map: mapOf(value) } })).map!.data];

describe('small peaks', () => {
  it('are kept by how much they stand out', async () => {
    const found = await peaks((row, column) => 2 + (row === 4 && column === 4 ? 5 : 0));
    assert.deepEqual(found.map((value, i) => (value ? [i, value] : [])).flat(), [4 * 9 + 4, 5]);
  });

  it('are none in what is as broad as the window, or slopes', async () => {
    assert.ok((await peaks((row, column) => (row >= 3 && row < 6 && column >= 3 && column < 6 ? 7 : 0))).every((value) => value === 0));
    // At the border there is no more of a slope to see.
    assert.ok((await peaks((_, column) => -column)).every((value, i) => value === 0 || i % 9 === 0));
  });
});
