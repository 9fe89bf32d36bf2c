import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../server/runs/csv.ts';

describe('a line of CSV', () => {
  it('has its fields as they are: text, numbers, truth values, nothing', () => {
    expect(csvLine(['test/good/0.png', 'good', false, 1.5, -1e-7, null])).toBe('test/good/0.png,good,false,1.5,-1e-7,\n');
  });

  it('quotes fields with commas, quotes or line ends, and doubles quotes', () => {
    expect(csvLine(['a,b', 'say "x"', 'one\ntwo', 'one\rtwo', ' plain '])).toBe('"a,b","say ""x""","one\ntwo","one\rtwo", plain \n');
  });
});
