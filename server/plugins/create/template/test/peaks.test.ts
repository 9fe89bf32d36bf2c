import assert from 'node:assert/strict';
import { it } from 'node:test';
import { peaksOf } from '../src/client/peaks.ts';

it('the viewer finds the highest values that do not lie beside higher ones', () => {
  const data = new Float32Array(20 * 10);
  data[3 * 20 + 5] = 4;
  data[3 * 20 + 6] = 3;
  data[8 * 20 + 15] = 2;
  assert.deepEqual(peaksOf(data, 20, 10, { count: 2, reach: 3 }), [
    { x: 5, y: 3, value: 4 },
    { x: 15, y: 8, value: 2 },
  ]);
});
