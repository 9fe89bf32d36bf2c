import { spawn } from 'node:child_process';
import {
  copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EngineLocation } from '../../../server/engine/location.ts';
import { fakePip, makeFakeWheel } from '../../support/fake-wheel.ts';
import type { FakeWheel } from '../../support/fake-wheel.ts';
import { describeWith, needs } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Outcome {
  location?: EngineLocation;
  error?: { code: string; message: string; hint?: string; file?: string };
  stages: string[];
  signal: string | null;
}

const folder = temporaryFolder();
const key = '9.9.9-fake';
let wheel: FakeWheel;
let cases = 0;
let cache: string;
let log: string;

const engines = () => join(cache, 'engine');
const asked = () => lines().filter((line) => line.startsWith('asked'));
const fetched = () => lines().filter((line) => line === 'fetched');
const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
/** Everything in the engines' directory but the lock. */
const left = () => readdirSync(engines(), { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('lock')).sort();

function start(options: Record<string, unknown> = {}, env: Record<string, string> = {}) {
  const script = fileURLToPath(new URL('../../support/provision-process.ts', import.meta.url));
  const argument = JSON.stringify({ wheel: { bytes: wheel.bytes, sha256: wheel.sha256 }, ...options });
  const inherited = { ...process.env };
  for (const name of ['CXX', 'STILLROOM_ENGINE', 'STILLROOM_HOME']) delete inherited[name];
  const child = spawn(process.execPath, ['--import', 'tsx', script, argument], {
    env: {
      ...inherited,
      ...{ STILLROOM_CACHE: cache, PYTHONPATH: fakePip, FAKE_WHEEL: wheel.file, FAKE_PIP_LOG: log },
      // Nothing of these tests may reach a network.
      ...{ TFJS_NODE_BASE_URI: 'http://127.0.0.1:1/', npm_config_tfjs_binding_binary_host_mirror: 'http://127.0.0.1:1/' },
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
  const outcome = new Promise<Outcome>((resolve) => {
    child.once('close', (_code, signal) => {
      resolve({ stages: [], ...(written ? (JSON.parse(written) as Partial<Outcome>) : {}), signal });
    });
  });
  return { child, outcome };
}

const provision = (options?: Record<string, unknown>, env?: Record<string, string>) => start(options, env).outcome;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describeWith([needs.python(), needs.program('c++')], 'provisioning from a wheel', () => {
  beforeAll(() => {
    wheel = makeFakeWheel(join(folder, 'wheel'));
  });

  beforeEach(() => {
    cache = join(folder, `cache-${++cases}`);
    log = join(folder, `pip-${cases}.log`);
  });

  it('fetches, checks, unpacks, compiles and loads, and keeps the engine but not the wheel', async () => {
    const { location, stages } = await provision();
    expect(stages).toEqual(['download', 'verify', 'unpack', 'compile', 'prove']);
    expect(location).toMatchObject({ directory: join(engines(), key), source: 'wheel' });
    expect(location?.manifest).toMatchObject({
      version: '9.9.9-fake',
      from: [{ file: 'tensorflow_fake-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl', sha256: wheel.sha256 }],
      compiled: { command: expect.stringContaining('-rpath,$ORIGIN/lib') },
    });
    expect(left()).toEqual(
      [
        ...['', '/engine.json', '/include', '/include/tensorflow', '/include/tensorflow/c', '/include/tensorflow/c/c_api.h'],
        ...['/lib', '/lib/libtensorflow_cc.so.2', '/quiet.node', '/tfjs_binding.node'],
      ]
        .map((name) => key + name)
        .concat('downloads')
        .sort(),
    );
  });

  it('asks pip for exactly one wheel, whatever Python runs it, without its cache', async () => {
    await provision();
    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toContain('download tensorflow-fake==9.9.9 --dest');
    expect(asked()[0]).toContain(
      '--no-deps --only-binary :all: --python-version 311 --implementation cp --abi cp311 --platform manylinux_2_27_x86_64 --no-cache-dir',
    );
  });

  it('returns at once where the engine is there', async () => {
    await provision();
    const again = await provision();
    expect(again).toMatchObject({ stages: [], location: { directory: join(engines(), key) } });
    expect(asked()).toHaveLength(1);
  });

  it('makes it again when asked, or when a file of it is not whole', async () => {
    await provision();
    expect((await provision({ again: true })).stages).toContain('compile');
    truncateSync(join(engines(), key, 'lib/libtensorflow_cc.so.2'), 100);
    expect((await provision()).stages).toContain('compile');
    expect(asked()).toHaveLength(3);
  });

  describe('killed', () => {
    const download = [
      { mood: 'hang-partial', when: 'while pip fetches', fetches: 1 },
      { mood: 'hang-whole', when: 'when pip has fetched all but not yet copied it', fetches: 1 },
      { mood: 'hang-copying', when: 'while pip copies what it fetched', fetches: 1 },
    ];
    for (const { mood, when, fetches } of download) {
      it(`${when}: goes on, fetching nothing whole twice, and takes pip with it`, async () => {
        const { child, outcome } = start({}, { FAKE_PIP: mood });
        await until(() => existsSync(`${log}.hanging`));
        child.kill('SIGKILL');
        expect((await outcome).signal).toBe('SIGKILL');

        expect((await provision()).location?.directory).toBe(join(engines(), key));
        expect(fetched()).toHaveLength(fetches);
        expect(lines()).not.toContain('survived');
        expect(left().filter((name) => !name.startsWith(key))).toEqual(['downloads']);
      });
    }

    for (const stage of ['verify', 'unpack', 'compile', 'prove']) {
      it(`in ${stage}: goes on, fetching nothing twice`, async () => {
        expect((await provision({ killAt: stage })).signal).toBe('SIGKILL');
        expect((await provision()).location?.directory).toBe(join(engines(), key));
        expect(fetched()).toHaveLength(1);
        expect(left().filter((name) => !name.startsWith(key))).toEqual(['downloads']);
      });
    }
  });

  it('lets one of two processes work while the other waits and says so', async () => {
    const both = await Promise.all([provision(), provision()]);
    const directories = both.map(({ location }) => location?.directory);
    expect(directories).toEqual([join(engines(), key), join(engines(), key)]);
    expect(both.map(({ stages }) => stages).sort()).toEqual([['download', 'verify', 'unpack', 'compile', 'prove'], ['wait']]);
    expect(fetched()).toHaveLength(1);
  });

  describe('what goes wrong', () => {
    it('a wheel with another hash is refused with both, and removed', async () => {
      const { error } = await provision({}, { FAKE_PIP: 'corrupt' });
      expect(error).toMatchObject({ code: 'engine-wheel-corrupt', message: expect.stringContaining(wheel.sha256) });
      expect(left()).toEqual(['downloads']);
      expect((await provision()).location?.directory).toBe(join(engines(), key));
    });

    it('a corrupt file among the downloads is fetched anew', async () => {
      mkdirSync(join(engines(), 'downloads'), { recursive: true });
      writeFileSync(join(engines(), 'downloads', 'tensorflow_fake-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl'), 'half');
      expect((await provision()).location?.directory).toBe(join(engines(), key));
      expect(fetched()).toHaveLength(1);
    });

    it('pip’s own last words are told', async () => {
      const { error } = await provision({}, { FAKE_PIP: 'fail' });
      expect(error).toMatchObject({
        code: 'engine-download-failed',
        message: 'expected pip to fetch tensorflow-fake==9.9.9, found: ERROR: No matching distribution found for tensorflow-fake',
      });
    });

    it('a full disk is said to be full', async () => {
      const { error } = await provision({}, { FAKE_PIP: 'disk-full' });
      expect(error).toMatchObject({ code: 'disk-full', hint: expect.stringContaining('STILLROOM_CACHE') });
    });

    it('without a compiler nothing is fetched and the package to install is named', async () => {
      const { error } = await provision({}, { CXX: join(folder, 'no-such-compiler') });
      expect(error).toMatchObject({ code: 'engine-no-compiler', hint: expect.stringContaining('apt-get install g++') });
      expect(asked()).toHaveLength(0);
    });

    it('a compiler that fails is quoted, and the wheel is kept for the next try', async () => {
      const compiler = join(folder, 'bad-compiler');
      writeFileSync(compiler, '#!/bin/sh\n[ "$1" = --version ] && echo bad 1.0 && exit 0\necho "x.cc:1: error: no" >&2\nexit 1\n', { mode: 0o755 });
      const { error } = await provision({}, { CXX: compiler });
      expect(error).toMatchObject({
        code: 'engine-compile-failed',
        message: 'expected bad 1.0 to compile the binding, found: x.cc:1: error: no',
      });
      expect((await provision()).location).toBeDefined();
      expect(fetched()).toHaveLength(1);
    });

    it('without pip, and with the prebuilt library out of reach, one sentence says what to install', async () => {
      const { error } = await provision({}, { FAKE_PIP: 'absent' });
      expect(error).toMatchObject({ code: 'engine-download-failed', hint: expect.stringContaining('python3-pip') });
      expect(left()).toEqual([]);
    });
  });

  describe('from a directory', () => {
    let from: string;
    beforeEach(() => {
      from = join(folder, `from-${cases}`);
      mkdirSync(from);
    });

    it('that holds the wheel: fetches nothing, and leaves it there', async () => {
      copyFileSync(wheel.file, join(from, 'tensorflow_fake-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl'));
      const { location } = await provision({ from }, { FAKE_PIP: 'absent' });
      expect(location).toMatchObject({ directory: join(engines(), key), source: 'wheel' });
      expect(readdirSync(from)).toHaveLength(1);
    });

    it('that holds another file by that name: refuses it and leaves it there', async () => {
      writeFileSync(join(from, 'tensorflow_fake-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl'), 'other');
      const { error } = await provision({ from });
      expect(error).toMatchObject({ code: 'engine-wheel-corrupt', file: expect.stringContaining(from) });
      expect(readdirSync(from)).toHaveLength(1);
    });

    it('that holds TensorFlow: compiles against it and links it', async () => {
      const header = join(from, 'include/tensorflow/c/c_api.h');
      mkdirSync(join(dirname(header), 'eager'), { recursive: true });
      copyFileSync(wheel.header, header);
      writeFileSync(join(dirname(header), 'eager/c_api.h'), '');
      copyFileSync(wheel.library, join(from, 'libtensorflow_cc.so.2'));
      const { location } = await provision({ from });
      expect(location).toMatchObject({
        source: 'named',
        because: 'it was chosen by `stillroom engine install --from`',
        manifest: { version: '9.9.9-fake', from: [{ directory: from }] },
      });
      expect(asked()).toHaveLength(0);
    });

    it('that holds an engine: uses it where it is, until an install without --from', async () => {
      const { location } = await provision();
      cpSync(location?.directory ?? '', join(from, 'engine'), { recursive: true });
      expect((await provision({ from: join(from, 'engine') })).location).toMatchObject({
        directory: join(from, 'engine'),
        source: 'named',
      });
      expect((await provision()).location).toMatchObject({ directory: join(engines(), key), source: 'wheel' });
    });

    it('that holds an engine that does not load: refuses it', async () => {
      writeFileSync(join(from, 'tfjs_binding.node'), 'no library');
      const { error } = await provision({ from });
      expect(error).toMatchObject({ code: 'engine-broken', file: from });
    });

    it('that holds nothing of the kind: says what was looked for', async () => {
      const { error } = await provision({ from });
      expect(error).toMatchObject({ code: 'engine-not-there', file: from });
    });
  });

  afterEach(() => {
    rmSync(cache, { recursive: true, force: true });
  });
});
