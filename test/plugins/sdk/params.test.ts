import { describe, expect, it } from 'vitest';
import { colour } from '../../../plugins/sdk/index.ts';

describe('a colour', () => {
  const { schema, control, default: usual } = colour({ default: '#00ff7f', help: 'Of the outline.' });

  it('is six digits of base 16 behind a number sign', () => {
    expect([control, usual]).toEqual([{ kind: 'colour' }, '#00ff7f']);
    expect(schema.safeParse('#0a1b2c').success).toBe(true);
    for (const found of ['#0A1B2C', '#abc', 'red', '#0a1b2c0', 'x#0a1b2c', 7]) expect(schema.safeParse(found).success, String(found)).toBe(false);
  });
});
