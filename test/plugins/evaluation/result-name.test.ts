import { describe, expect, it } from 'vitest';
import { detection } from '../../../plugins/evaluation/detection.ts';
import { localisation } from '../../../plugins/evaluation/localisation.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';

const score = { type: 'score', shape: [] } as const;
const map = { type: 'map', shape: [8, 8, 1], image: [8, 8] } as const;

describe('the name of a result', () => {
  it("is the graph's own by default", () => {
    expect(detection.sink!(paramsOf(detection))).toMatchObject({ name: 'detection', kind: 'score' });
    expect(localisation.sink!(paramsOf(localisation))).toMatchObject({ name: 'localisation', kind: 'map' });
  });

  it.each(['deep KD', 'deep-kd', 'v1.2_a+b', '7', 'Wärme', '温度'])('may be "%s"', (name) => {
    expect(inferNode(detection, { score }, { name }).problems).toEqual([]);
    expect(inferNode(localisation, { map }, { name }).problems).toEqual([]);
  });

  it.each(['', ' deep', '-deep', '.deep', '../deep', 'a/b', 'a\\b', 'a,b', 'a"b', 'a\nb', 'a:b'])('may not be %j', (name) => {
    const place = { code: 'invalid-parameter', field: 'name' };
    expect(inferNode(detection, { score }, { name }).problems).toMatchObject([place]);
    expect(inferNode(localisation, { map }, { name }).problems).toMatchObject([
      { ...place, message: `expected a name of letters, digits, spaces and . _ + -, found "${name}"` },
    ]);
  });
});

describe('a map that is evaluated', () => {
  it("of the images' size: nothing to say", () => {
    expect(inferNode(localisation, { map }).problems).toEqual([]);
  });

  it('of 4×8 for images of 8×8: a warning', () => {
    expect(inferNode(localisation, { map: { ...map, shape: [4, 8, 1] } }).problems).toMatchObject([
      {
        code: 'map-below-image-size',
        severity: 'warning',
        socket: 'map',
        message: "expected a map of the images' 8×8 pixels, found 4×8",
      },
    ]);
  });

  it('of unknown images: nothing to say', () => {
    expect(inferNode(localisation, { map: { type: 'map', shape: [4, 8, 1] } }).problems).toEqual([]);
  });
});

describe('what a detection learns', () => {
  it('a threshold, how many images it is from, and how many of them it calls anomalous', () => {
    const specs = detection.weights!({ score }, paramsOf(detection));
    expect(specs.map(({ name, role, shape }) => [name, role, shape])).toEqual([
      ['threshold', 'calibrated', []],
      ['images', 'calibrated', []],
      ['alarms', 'calibrated', []],
    ]);
  });
});
