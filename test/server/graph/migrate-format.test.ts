import { describe, expect, it } from 'vitest';
import { migrateFormat } from '../../../server/graph/migrate-format.ts';

describe('migrateFormat', () => {
  const migrations = {
    1: ({ title, ...rest }: Record<string, unknown>) => ({ ...rest, name: title }),
    2: (document: Record<string, unknown>) => ({ ...document, edges: document['edges'] ?? [] }),
  };

  it('goes step by step from 1 to 3', () => {
    const { value, problem } = migrateFormat({ stillroom: 1, title: 'old', extra: 1 }, 3, migrations);
    expect(problem).toBeUndefined();
    expect(value).toEqual({ stillroom: 3, name: 'old', extra: 1, edges: [] });
  });

  it('begins at the document’s own version', () => {
    expect(migrateFormat({ stillroom: 2, title: 'kept' }, 3, migrations).value).toEqual({ stillroom: 3, title: 'kept', edges: [] });
  });

  it('leaves a newer document as it is', () => {
    const newer = { stillroom: 4, anything: true };
    const { value, problem } = migrateFormat(newer, 3, migrations);
    expect(value).toBe(newer);
    expect(problem).toMatchObject({ code: 'document-too-new', field: 'stillroom' });
  });
});
