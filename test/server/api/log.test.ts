import { describe, expect, it } from 'vitest';
import { createLog } from '../../../server/api/log.ts';

const token = 'Zm9vYmFy-_0123456789abcdefghijklmnopqrstuvwxyz';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog('trace', { write: (line) => void (text += line) }));
  return text;
}

describe('the log', () => {
  it.each([
    ['a field', { token }],
    ['headers', { request: { headers: { authorization: `Bearer ${token}`, cookie: `stillroom=${token}` } } }],
    ['an address', { url: `/?token=${token}&x=1` }],
    ['the link', { link: `http://127.0.0.1:1/?token=${token}` }],
    ['an error', { err: new Error(`no answer of http://127.0.0.1:1/?token=${token}`) }],
    ['an error that tells of a header', { err: new Error(`bad header: Bearer ${token}`) }],
  ])('holds no token that came in %s', (_, what) => {
    const text = logged((log) => log.error(what, 'it happened'));
    expect(text).toContain('it happened');
    expect(text).not.toContain(token);
  });

  it('holds what else it is told', () => {
    expect(JSON.parse(logged((log) => log.info({ address: 'http://127.0.0.1:4321' }, 'listening')))).toMatchObject({ address: 'http://127.0.0.1:4321', msg: 'listening' });
  });
});
