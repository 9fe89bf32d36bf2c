import { describe, expect, it } from 'vitest';
import { frameAddress } from '../../../client/plugin-frames/plugin-frame.ts';

const at = (address: string): string => frameAddress(new URL(address));

describe('where the frame of a plugin goes', () => {
  it('is a name of its own below localhost, each time another, where the workbench is on this machine', () => {
    const [one, other] = [at('http://127.0.0.1:4400/graphs/a'), at('http://localhost:4400/')];
    expect(one).toMatch(/^http:\/\/frame-[0-9a-f-]{36}\.localhost:4400\/plugin-frame$/);
    expect(other).toMatch(/^http:\/\/frame-[0-9a-f-]{36}\.localhost:4400\/plugin-frame$/);
    expect(one).not.toBe(other);
    expect(at('http://[::1]/')).toMatch(/^http:\/\/frame-[0-9a-f-]{36}\.localhost\/plugin-frame$/);
  });

  it('is the address of the workbench itself elsewhere', () => {
    expect(at('http://bench.example:4400/runs')).toBe('http://bench.example:4400/plugin-frame');
    expect(at('https://localhost/')).toBe('https://localhost/plugin-frame');
    expect(at('http://127.evil.example/')).toBe('http://127.evil.example/plugin-frame');
  });
});
