import { describe, expect, it } from 'vitest';
import type { Geometry } from '../../../plugins/sdk/index.ts';
import type { SinkPlan } from '../../../server/compiler/plan.ts';
import type { Category } from '../../../server/data/dataset.ts';
import { scoredFill } from '../../../server/runs/scored-fill.ts';

const size = [100, 100] as const;
const letterbox: Geometry = { mode: 'letterbox', size, fill: 0.5 };
const tiles: Geometry = { mode: 'tiles', size, scale: 1, overlap: 0.25, fill: 0.5 };

const sink = (kind: 'score' | 'map', name: string, geometry: Geometry): Pick<SinkPlan, 'kind' | 'name' | 'source'> => ({
  kind,
  name,
  source: { value: { node: 'resize-crop', socket: 'images' }, geometry } as SinkPlan['source'],
});

const category = (...sizes: [number, number][]): Category => ({
  name: 'plates',
  train: sizes.map(([height, width], i) => ({ file: `/d/${i}.png`, path: `${i}.png`, height, width })),
  test: [],
});

describe('scores of pictures that are filled up', () => {
  it('are told, with how many images and which results', () => {
    const sinks = [sink('score', 'detection', letterbox), sink('map', 'localisation', letterbox), sink('score', 'product', letterbox)];
    expect(scoredFill(sinks, [category([100, 250], [300, 300]), category([50, 40])])).toEqual([
      {
        code: 'fill-scored',
        severity: 'warning',
        node: 'resize-crop',
        message: expect.stringContaining('found that 2 of 3 are filled up with grey, which detection, product may take'),
        hint: expect.stringContaining('`resize-crop.mode=whole`'),
      },
    ]);
  });

  it.each<[string, Geometry, [number, number]]>([
    ['of a letterbox of the images’ own aspect', letterbox, [300, 300]],
    ['of tiles within the image', tiles, [100, 130]],
    ['of stretched images', { mode: 'whole', size }, [100, 250]],
    ['of the middle', { mode: 'crop', size, resize: [120, 120] }, [100, 250]],
  ])('are not those %s', (_, geometry, image) => {
    expect(scoredFill([sink('score', 'detection', geometry)], [category(image)])).toEqual([]);
  });

  it('are those of tiles that are larger than the image', () => {
    expect(scoredFill([sink('score', 'detection', tiles)], [category([99, 130])])).toMatchObject([{ code: 'fill-scored' }]);
  });

  it('are none where a graph gives maps alone', () => {
    expect(scoredFill([sink('map', 'localisation', letterbox)], [category([100, 250])])).toEqual([]);
  });
});
