import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chosenFile, findEngine } from '../../../server/engine/find.ts';
import { bindingFile, manifestFile, type EngineManifest } from '../../../server/engine/location.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const cache = join(folder, 'cache');
const engines = join(cache, 'engine');

/** What lies on the disk of an engine that was made for this machine, or for another. */
function make(directory: string, manifest: Partial<EngineManifest> = {}): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, bindingFile), 'binding');
  const files = [{ file: bindingFile, bytes: 'binding'.length }];
  const whole = { format: 1, source: 'wheel', version: '9.9.9', variant: 'cpu', system: `${process.platform}-${process.arch}`, from: [], files, compiled: null, made: '' };
  writeFileSync(join(directory, manifestFile), JSON.stringify({ ...whole, ...manifest }));
  return directory;
}

beforeEach(() => {
  rmSync(cache, { recursive: true, force: true });
  vi.stubEnv('STILLROOM_CACHE', cache);
  vi.stubEnv('STILLROOM_ENGINE', '');
});
afterEach(() => vi.unstubAllEnvs());

describe('findEngine', () => {
  it('finds none on a bare machine', () => {
    expect(findEngine()).toBeUndefined();
  });

  it('prefers TensorFlow’s own package to the prebuilt library, and says why', () => {
    make(join(engines, 'a-prebuilt'), { source: 'prebuilt' });
    expect(findEngine()).toMatchObject({ directory: join(engines, 'a-prebuilt'), because: expect.stringContaining('prebuilt library') as unknown });
    make(join(engines, 'b-wheel'));
    expect(findEngine()).toMatchObject({ directory: join(engines, 'b-wheel'), source: 'wheel', because: 'it was provisioned from TensorFlow’s own package' });
  });

  it('passes over what is half made, cut off, or made for another system', () => {
    make(join(engines, '1.part-x'));
    truncateSync(join(make(join(engines, '2')), bindingFile), 3);
    make(join(engines, '3'), { system: 'plan9-mips' });
    mkdirSync(join(engines, '4'));
    expect(findEngine()).toBeUndefined();
  });

  it('takes the chosen one before these, $STILLROOM_ENGINE before that, and the one asked for before all', () => {
    make(join(engines, 'wheel'));
    const [chosen, named, asked] = ['chosen', 'named', 'asked'].map((name) => make(join(folder, name))) as [string, string, string];
    writeFileSync(join(engines, chosenFile), JSON.stringify({ directory: chosen }));
    expect(findEngine()).toMatchObject({ directory: chosen, because: expect.stringContaining('--from') as unknown });
    vi.stubEnv('STILLROOM_ENGINE', named);
    expect(findEngine()).toMatchObject({ directory: named, because: 'STILLROOM_ENGINE names it' });
    expect(findEngine(asked)).toMatchObject({ directory: asked, because: 'it was asked for' });
  });

  it('takes no other one silently where the one that was named is gone', () => {
    make(join(engines, 'wheel'));
    writeFileSync(join(engines, chosenFile), JSON.stringify({ directory: join(folder, 'gone') }));
    expect(() => findEngine()).toThrow(expect.objectContaining({ code: 'engine-not-there', place: { file: join(folder, 'gone') } }) as Error);
    vi.stubEnv('STILLROOM_ENGINE', join(folder, 'nowhere'));
    expect(() => findEngine()).toThrow(expect.objectContaining({ code: 'engine-not-there', hint: 'unset STILLROOM_ENGINE, or let it name an engine' }) as Error);
  });
});
