import { describe, expect, it } from 'vitest';
import { table } from '../../../server/cli/table.ts';

describe('a table', () => {
  it('pads columns to their widest cell, numbers to the left', () => {
    expect(table(['name', 'n'], [['ä', '1'], ['longer', '10']], [1])).toBe('name     n\nä        1\nlonger  10');
  });

  it('has one line a row, whatever a folder is called', () => {
    expect(table(['defect', 'n'], [['a\nb\u001b[31m', '1']])).toBe('defect          n\na\\nb\\u001b[31m  1');
  });
});
