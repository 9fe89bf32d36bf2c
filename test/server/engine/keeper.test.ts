import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { EngineKeeper, type EngineState } from '../../../server/engine/keeper.ts';
import { fakePip, makeFakeWheel, type FakeWheel } from '../../support/fake-wheel.ts';
import { describeWith, needs } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const module = new URL('../../support/provision-fake.ts', import.meta.url);
let wheel: FakeWheel;
let cases = 0;

describeWith([needs.python(), needs.program('c++')], 'the keeper of the engine', () => {
  beforeAll(() => void (wheel = makeFakeWheel(join(folder, 'wheel'))));
  beforeEach(() => {
    const cache = join(folder, `cache-${++cases}`);
    const settings = { STILLROOM_CACHE: cache, STILLROOM_ENGINE: '', PYTHONPATH: fakePip, FAKE_WHEEL: wheel.file, FAKE_PIP_LOG: join(folder, 'log') };
    for (const [name, value] of Object.entries({ ...settings, FAKE_WHEEL_FACTS: JSON.stringify(wheel) })) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  const kept = (): { keeper: EngineKeeper; told: EngineState[] } => {
    const told: EngineState[] = [];
    return { keeper: new EngineKeeper({ module, onChange: (state) => void told.push(state) }), told };
  };

  it('has it provisioned in another process, tells how far that is, and gives it to all who wait', async () => {
    const { keeper, told } = kept();
    expect(keeper.state).toEqual({ state: 'absent' });
    const [first, second] = await Promise.all([keeper.whenReady(), keeper.whenReady()]);
    expect(first).toMatchObject({ source: 'wheel', manifest: { version: '9.9.9-fake' } });
    expect(second).toEqual(first);
    expect(keeper.state).toEqual({ state: 'ready', location: first });
    expect([...new Set(told.flatMap(({ progress }) => progress?.stage ?? []))]).toEqual(['download', 'verify', 'unpack', 'compile', 'prove']);
    expect(told.at(0)).toEqual({ state: 'installing' });
    expect(told.at(-1)).toMatchObject({ state: 'ready' });
    expect(kept().keeper.state).toMatchObject({ state: 'ready' });
  });

  it('says why it cannot be had, and tries again when asked', async () => {
    vi.stubEnv('FAKE_WHEEL', join(folder, 'no-wheel'));
    const { keeper } = kept();
    await expect(keeper.whenReady()).rejects.toMatchObject({ code: 'engine-download-failed' });
    expect(keeper.state).toMatchObject({ state: 'failed', problem: { code: 'engine-download-failed' } });
    vi.stubEnv('FAKE_WHEEL', wheel.file);
    expect(keeper.install()).toEqual({ state: 'installing' });
    expect(await keeper.whenReady()).toMatchObject({ source: 'wheel' });
  });

  it('can be ended while it works, and leaves nothing half-made', async () => {
    const { keeper } = kept();
    keeper.install();
    await keeper.close();
    expect(keeper.state).toMatchObject({ state: 'failed', problem: { code: 'cancelled' } });
    expect(await keeper.whenReady()).toMatchObject({ manifest: { version: '9.9.9-fake' } });
  });

  it('finds one that was installed by other means', async () => {
    const { keeper } = kept();
    expect(keeper.state).toEqual({ state: 'absent' });
    await kept().keeper.whenReady();
    expect(keeper.state).toMatchObject({ state: 'ready' });
  });

  it('names a directory that was chosen and is none', () => {
    vi.stubEnv('STILLROOM_ENGINE', join(folder, 'none'));
    expect(kept().keeper.state).toMatchObject({ state: 'failed', problem: { code: 'engine-not-there', file: join(folder, 'none') } });
  });

  it('makes it again where that is asked for', async () => {
    const { keeper } = kept();
    const before = await keeper.whenReady();
    rmSync(join(before.directory, 'quiet.node'));
    keeper.install({ again: true });
    expect((await keeper.whenReady()).manifest!.made).not.toBe(before.manifest!.made);
  });
});
