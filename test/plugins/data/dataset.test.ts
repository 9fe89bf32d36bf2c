import { describe, expect, it } from 'vitest';
import { datasetNode } from '../../../plugins/data/dataset.ts';
import { readOptionsOf } from '../../../server/data/read-dataset.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';

const sourceOf = (set: Record<string, unknown>) => datasetNode.dataset!(paramsOf(datasetNode, set));

describe('a dataset', () => {
  it('validates on the images that the dataset keeps for it, or on 30 % of the normal ones', () => {
    expect(sourceOf({ path: 'carpet' })).toEqual({ path: 'carpet', validationShare: 0.3, split: { by: 'dataset' } });
  });

  it.each([
    [{ split: 'share', validationShare: 0.1 }, { by: 'share' }],
    [{ split: 'folder', validationFolder: 'val' }, { by: 'folder', folder: 'val' }],
    [{ split: 'fold', folds: 4, fold: 3 }, { by: 'fold', folds: 4, fold: 3 }],
    [{ split: 'list', list: 'split.csv' }, { by: 'list', list: 'split.csv' }],
  ])('%j', (set, split) => {
    expect(sourceOf(set).split).toEqual(split);
    expect(inferNode(datasetNode, {}, set).problems).toEqual([]);
  });

  it('is read in the layout that is recognised, or in one that is named', () => {
    expect(sourceOf({})).not.toHaveProperty('layout');
    expect(sourceOf({ layout: ' @acme/workshop/shifts ' }).layout).toBe('@acme/workshop/shifts');
    expect(readOptionsOf(sourceOf({ layout: 'mvtec' }))).toMatchObject({ layout: 'mvtec' });
  });

  it('measures all defects, or those that are named', () => {
    expect(sourceOf({})).not.toHaveProperty('defects');
    expect(sourceOf({ defects: ' hole, cut,' }).defects).toEqual(['hole', 'cut']);
  });

  it('gives a dataset', () => {
    expect(inferNode(datasetNode, {}).outputs).toEqual({ dataset: { type: 'dataset', shape: [] } });
  });

  it.each([
    [{ split: 'fold', folds: 5, fold: 5 }, 'fold', 'expected a fold from 0 to 4, found 5'],
    [{ split: 'folder', validationFolder: '' }, 'validationFolder', 'expected the folder that splits the images, found none named'],
    [{ split: 'list' }, 'list', 'expected the list that splits the images, found none named'],
  ])('%j is refused at its parameter', (set, field, message) => {
    expect(inferNode(datasetNode, {}, set).problems).toMatchObject([{ code: 'invalid-parameter', field, message }]);
  });

  it('of version 1 draws a share, as it did', () => {
    expect(datasetNode.migrate![1]!({ path: 'a', validationShare: 0.2 })).toEqual({ path: 'a', validationShare: 0.2, split: 'share' });
  });

  it.each([
    [0, true],
    [0.9, true],
    [0.95, false],
    [-0.1, false],
  ])('a share of %d validates: %s', (share, allowed) => {
    expect(datasetNode.params.validationShare.schema.safeParse(share).success).toBe(allowed);
  });
});
