import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import { loadEngine } from '../../../server/engine/load.ts';
import { exportRun } from '../../../server/exports/export-run.ts';
import { run } from '../../../server/runs/run.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { installFixtures } from '../../support/plugins.ts';
import { ask, serveTrial, type Answered } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, Stillroom } from '../cli/stillroom.ts';
import { writeCategory } from '../runs/trial-data.ts';
import { trialRequest } from '../runs/trial-request.ts';
import { distilGraph, trialPacks, trialRegistry } from '../runtime/trial-graphs.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
const out = mkdtempSync(join(temporaryFolder(), 'out-'));
const first = join(home, 'runs', 'first');

/** Name, shape and numbers of every tensor, read as the format's own text says: length, header, data. */
function tensorsOf(bytes: Buffer): Record<string, { shape: number[]; values: number[] }> {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  return Object.fromEntries(
    Object.entries(header).flatMap(([name, tensor]) => {
      if (name === '__metadata__') return [];
      const { dtype, shape, data_offsets: [begin, end] } = tensor;
      expect(dtype).toBe('F32');
      const values = Array.from({ length: (end - begin) / 4 }, (_, i) => bytes.readFloatLE(8 + length + begin + 4 * i));
      return [[name, { shape, values }]];
    }),
  );
}

describeWith(engineNeed(), 'Exports of a finished run', () => {
  let served: Served;
  const here = (exporter: string, to: string) => exportRun(first, { exporter, out: to, packs: trialPacks, registry: trialRegistry, offline: true });
  const asked = (exporter: string, id = 'first'): Promise<Answered> => ask(served, 'POST', `/runs/${id}/exports`, { exporter });
  const left = (): string[] => (existsSync(join(home, 'exports', 'first')) ? readdirSync(join(home, 'exports', 'first')) : []);

  beforeAll(async () => {
    const engine = await loadEngine();
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    vi.stubEnv('STILLROOM_ENGINE', engine.library.directory);
    await writeCategory(join(home, 'data', 'bottle'), 8);
    await run(trialRequest(async () => engine, { data: join(home, 'data'), out: first, document: distilGraph({ fit: { batch: 4, epochs: 1 } }) }));
    installFixtures(home, 'extras', 'bad-exports');
    served = await serveTrial({ home, exportSeconds: 15 });
  });
  afterAll(async () => {
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('hold the weights of every node, fitted ones as the run kept them, and the graph as it was run', async () => {
    const to = join(out, 'weights');
    const files = await here('weights', to);
    expect(files.map(({ path }) => path)).toEqual(['graph.json', 'bottle.safetensors']);
    expect(readdirSync(to).sort()).toEqual(['bottle.safetensors', 'graph.json']);
    expect(JSON.parse(readFileSync(join(to, 'graph.json'), 'utf8'))).toEqual(JSON.parse(readFileSync(join(first, 'graph.json'), 'utf8')));
    const exported = tensorsOf(readFileSync(join(to, 'bottle.safetensors')));
    const fitted = tensorsOf(readFileSync(join(first, 'bottle', 'fitted.safetensors')));
    expect(Object.keys(fitted).length).toBeGreaterThan(0);
    expect(exported).toMatchObject(fitted);
    expect(files.find(({ path }) => path === 'bottle.safetensors')!.bytes).toBe(readFileSync(join(to, 'bottle.safetensors')).length);
  });

  it('go into a folder that is new or empty, and into one file where they are one', async () => {
    const taken = join(out, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'mine.txt'), 'mine');
    await expect(here('weights', taken)).rejects.toMatchObject({ code: 'export-target-taken', place: { file: taken } });
    expect(readdirSync(taken)).toEqual(['mine.txt']);
    await expect(here('weights', join(out, 'all.safetensors'))).rejects.toMatchObject({ code: 'export-failed', message: 'exporter "weights": expected one file, found "bottle.safetensors" too', hint: 'name a folder in --out' });
    expect(existsSync(join(out, 'all.safetensors'))).toBe(false);
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('know exporters by name, and runs that are none', async () => {
    await expect(here('weigths', join(out, 'x'))).rejects.toMatchObject({ code: 'no-exporter', hint: 'did you mean "weights"?' });
    await expect(exportRun(join(home, 'nothing'), { exporter: 'weights', out: join(out, 'x'), packs: trialPacks, registry: trialRegistry, offline: true })).rejects.toMatchObject({ code: 'no-run' });
  });

  it('are listed and written over the API, those of plugins by a process that has loaded them', async () => {
    const { body } = await ask(served, 'GET', '/exporters');
    const { exporters } = body as { exporters: { name: string; plugin: string | null }[] };
    expect(exporters.slice(0, 2)).toMatchObject([{ name: 'weights', plugin: null }, { name: '@acme/extras/census', plugin: '@acme/extras', extensions: ['.json'] }]);
    expect(await asked('@acme/extras/census')).toMatchObject({ status: 201, body: { exporter: '@acme/extras/census', files: [{ path: 'census.json' }] } });
    const file = await ask(served, 'GET', `/runs/first/exports/file?exporter=${encodeURIComponent('@acme/extras/census')}&path=census.json`);
    expect(file).toMatchObject({ status: 200 });
    const { counted, run: identity } = file.body as { counted: Record<string, Record<string, number>>; run: string };
    expect(identity).toBe((JSON.parse(readFileSync(join(first, 'manifest.json'), 'utf8')) as { identity: string }).identity);
    const fitted = Object.entries(tensorsOf(readFileSync(join(first, 'bottle', 'fitted.safetensors'))));
    const counts = fitted.reduce<Record<string, number>>((sums, [name, { values }]) => {
      const node = name.slice(0, name.lastIndexOf('/'));
      return { ...sums, [node]: (sums[node] ?? 0) + values.length };
    }, {});
    expect(counted['bottle']).toMatchObject(counts);
    expect((await asked('@acme/extras/census')).status, 'the older one is replaced').toBe(201);
    expect(await ask(served, 'GET', '/runs/first/exports/file?exporter=weights&path=../../../state.json')).toMatchObject({ status: 404, body: { code: 'no-file' } });
    expect(await asked('nobody')).toMatchObject({ status: 404, body: { code: 'no-exporter' } });
    expect(await asked('weights', 'nobody')).toMatchObject({ status: 404, body: { code: 'no-run' } });
  });

  it.each([
    ['throws', 'throw', 'exporter "bad-exports/throw": expected it to write the run, found that its code failed: I never liked runs'],
    ['ends its process', 'die', 'exporter "bad-exports/die": expected the work to be done, found that its process ended: SIGKILL'],
    ['writes nothing', 'nothing', 'exporter "bad-exports/nothing": expected something to be written, found nothing'],
    ['writes elsewhere', 'escape', 'exporter "bad-exports/escape": expected a path in the export, found "../../outside.json"'],
    ['writes other files than it says', 'other', 'exporter "bad-exports/other": expected a file that ends with .json, found "run.exe"'],
    ['writes a half', 'half', 'exporter "bad-exports/half": expected it to write the run, found that its code failed: the other half is missing'],
  ])('whose exporter %s are told of by its name, and leave nothing', async (_, way, title) => {
    const before = left();
    expect(await asked(`bad-exports/${way}`)).toMatchObject({ status: 502, body: { code: 'export-failed', title } });
    expect(left()).toEqual(before);
  });

  it('that do not end are ended, while the server answers', async () => {
    const pending = asked('bad-exports/loop');
    expect((await ask(served, 'GET', '/exporters')).status).toBe(200);
    expect(await asked('bad-exports/loop')).toMatchObject({ status: 409, body: { code: 'export-at-work' } });
    expect(await pending).toMatchObject({ status: 504, body: { code: 'export-timeout', title: 'exporter "bad-exports/loop": expected it to be done within 15 s, found that it was not: its process was ended' } });
    expect(left().some((name) => name.startsWith('.'))).toBe(false);
  });

  it('are written by the command line', async () => {
    const stillroom = new Stillroom(home);
    const list = await stillroom.call('export', '--list', '--json');
    expect(json<{ name: string }[]>(list).map(({ name }) => name)).toContain('weights');
    expect(await stillroom.call('export', first, '--as', 'weights')).toMatchObject({ code: 2, err: expect.stringContaining('found no --out') as string });
    // The nodes of the trial graph are none that it knows.
    expect(await stillroom.call('export', first, '--as', 'nobody', '--out', join(out, 'y'))).toMatchObject({ code: 1, err: expect.stringContaining('expected the name of an exporter') as string });
  });
});
