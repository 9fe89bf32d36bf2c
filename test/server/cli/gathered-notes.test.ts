import { describe, expect, it } from 'vitest';
import { gatheredNotes } from '../../../server/cli/gathered-notes.ts';

const few = '14 validation images can promise a false-alarm rate of 6.7 % at best';

/** Of a category that has three results: which of them say what. */
function saying(notes: Record<string, string>): { results: Record<string, Record<string, number>>; notes: string[] } {
  return { results: { detection: {}, shallow: {}, deep: {} }, notes: Object.entries(notes).map(([result, text]) => `${result}: ${text}`) };
}

describe('what results say of themselves', () => {
  it('is told once where every result of every category says it', () => {
    const all = saying({ detection: few, shallow: few, deep: few });
    expect(gatheredNotes({ textile: all, leather: all, grid: all })).toEqual([`all 3 categories, all 3 results: ${few}`]);
  });

  it('names the categories and results that say it where others do not', () => {
    const two = saying({ detection: few, deep: few });
    expect(gatheredNotes({ textile: two, leather: two, grid: saying({}) })).toEqual([`textile and leather, detection and deep: ${few}`]);
    expect(gatheredNotes({ textile: saying({ deep: few }), leather: saying({}) })).toEqual([`textile, deep: ${few}`]);
    expect(gatheredNotes({ textile: saying({ deep: few }) })).toEqual([`textile, deep: ${few}`]);
  });

  it('is told apart where categories differ in the results that say it, or in what they say', () => {
    expect(gatheredNotes({ textile: saying({ deep: few }), leather: saying({ shallow: few }), grid: saying({ deep: few }) })).toEqual([
      `textile and grid, deep: ${few}`,
      `leather, shallow: ${few}`,
    ]);
    expect(gatheredNotes({ textile: saying({ deep: few }), leather: saying({ deep: 'another' }) })).toEqual([`textile, deep: ${few}`, 'leather, deep: another']);
  });

  it('keeps what no result is named in, colons in names, and no control characters', () => {
    expect(gatheredNotes({ textile: { results: { a: {}, 'a: b': {} }, notes: ['of no result', 'a: b: said'] } })).toEqual(['textile: of no result', 'textile, a: b: said']);
    expect(gatheredNotes({ ['text\u001b[31mile']: { results: { a: {} }, notes: ['a: said'] } })[0]).not.toContain('\u001b');
  });
});
