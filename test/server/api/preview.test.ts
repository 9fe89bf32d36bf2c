import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import { isAlive } from '../../../server/atomic-file.ts';
import { loadEngine } from '../../../server/engine/load.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { compile } from '../../../server/compiler/index.ts';
import { readDocument, readFitted, readManifest } from '../../../server/predict/read-run.ts';
import { RunFolder } from '../../../server/runs/run-folder.ts';
import { run } from '../../../server/runs/run.ts';
import { compileInference } from '../../../server/runtime/inference.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { forkModule } from '../../../server/processes/fork.ts';
import { ask, serveTrial, type Answered } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory } from '../runs/trial-data.ts';
import { trialRequest } from '../runs/trial-request.ts';
import { distilGraph, trialRegistry } from '../runtime/trial-graphs.ts';
import { compileWith } from '../runtime/trial-run.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
const data = join(home, 'data');
const picture = join(data, 'bottle', 'test', 'good', '000.png');
const hole = join(data, 'bottle', 'test', 'hole, "deep"', '000.png');

interface Previewed {
  images: { view: number; views: number; size: { height: number; width: number } }[];
  nodes: Record<string, { weights: string | null; milliseconds: number; computed: number; cached: number }>;
  values: { image: number; node: string; socket: string; type: string; shape: number[]; stride?: number; shown: never }[];
}
interface Picture {
  picture: { url: string; media: string; size: { height: number; width: number } };
}

function changed(document: GraphDocument, node: string, params: Record<string, unknown>): GraphDocument {
  const before = document.nodes[node]!;
  return { ...document, nodes: { ...document.nodes, [node]: { ...before, params: { ...before.params, ...params } } } };
}

describeWith(engineNeed(), 'previews', () => {
  let served: Served;
  const call = (path: string, body?: unknown): Promise<Answered> => ask(served, body === undefined ? 'GET' : 'POST', path, body);
  const asked = (wanted: object[], extra: object = {}): object => ({ document: distilGraph(), images: [{ image: { path: picture } }], wanted, ...extra });
  const preview = async (wanted: object[], extra: object = {}): Promise<Previewed> => {
    const { status, body } = await call('/preview', asked(wanted, extra));
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const fetched = async (shown: never): Promise<Buffer> => {
    const answer = await fetch(served.address + (shown as Picture).picture.url, { headers: { authorization: `Bearer ${served.token}` } });
    expect(answer.headers.get('content-type')).toBe((shown as Picture).picture.media);
    return Buffer.from(await answer.arrayBuffer());
  };
  /** Values of a NumPy file. */
  const numbers = async (shown: never): Promise<Float32Array> => {
    const bytes = await fetched(shown);
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset + 10 + bytes.readUInt16LE(8), bytes.byteOffset + bytes.length));
  };
  const computed = ({ nodes }: Previewed): string[] => Object.entries(nodes).filter(([, one]) => one.computed > 0).map(([id]) => id).sort();

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', process.env['STILLROOM_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache', 'stillroom'));
    await writeCategory(join(data, 'bottle'), 8);
    await run(trialRequest(loadEngine, { data, out: join(home, 'runs', 'first'), document: distilGraph({ fit: { batch: 4, epochs: 2 } }) }));
    served = await serveTrial({ home, dataRoots: [data], interactive: { patienceSeconds: 12 } });
  });
  afterAll(async () => {
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('show the decoded image as it is, pixel by pixel', async () => {
    const { images, values } = await preview([{ node: 'decode', socket: 'images' }]);
    expect(images).toEqual([{ view: 0, views: 1, size: { height: 16, width: 16 } }]);
    expect(values).toMatchObject([{ image: 0, node: 'decode', socket: 'images', type: 'images', shape: [16, 16, 3], shown: { kind: 'image', range: { low: 0, high: 1 } } }]);
    const drawn = await sharp(await fetched(values[0]!.shown)).raw().toBuffer();
    expect(drawn.equals(await sharp(picture).raw().toBuffer())).toBe(true);
  });

  it('give on any edge what the whole graph computes there, with the weights of a run', async () => {
    const folder = new RunFolder(join(home, 'runs', 'first'));
    const { plan } = compile(await readDocument(folder, trialRegistry), trialRegistry);
    const fitted = await readFitted(folder.categoryFile('bottle', 'fitted.safetensors'), plan, (await readManifest(folder)).identity);
    const outputs = [{ node: 'student1', socket: 'layer1' }, { node: 'scale2', socket: 'map' }, { node: 'maximum', socket: 'score' }];
    const part = { ...plan.predict.part, outputs };
    const program = compileInference(compileWith(await loadEngine()), 'whole', plan.nodes, part, fitted, 1);
    const pixels = Float32Array.from(await sharp(picture).raw().toBuffer(), (value) => value / 255);
    const whole = program.run({ 'decode.images': { shape: [1, 16, 16, 3], data: pixels } });
    program.dispose();
    const { values, nodes } = await preview(outputs.map((one) => ({ ...one, as: { kind: 'raw' } })), { run: { id: 'first' } });
    for (const { node, socket, shown } of values) {
      const found = await numbers(shown);
      const expected = whole[`${node}.${socket}`]!.data;
      expect(found).toHaveLength(expected.length);
      const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-5 * largest));
    }
    expect(nodes).toMatchObject({ teacher: { weights: 'frozen' }, student1: { weights: 'fitted' }, scale2: { weights: 'fitted' }, map1: { weights: null } });
  });

  it('compute anew only what lies below an edit', async () => {
    const wanted = [{ node: 'detection', socket: 'score' }, { node: 'localisation', socket: 'map' }];
    const document = distilGraph({ fit: { epochs: 77 } });
    await preview(wanted, { document });
    expect(computed(await preview(wanted, { document }))).toEqual([]);
    const renamed = { ...document, nodes: Object.fromEntries(Object.entries(document.nodes).map(([id, node]) => [id, { ...node, title: 'other' }])) };
    expect(computed(await preview(wanted, { document: renamed }))).toEqual([]);
    expect(computed(await preview(wanted, { document: changed(document, 'map1', { form: 'cosine' }) }))).toEqual(['map1', 'maximum', 'scale1', 'sum']);
    expect(computed(await preview(wanted, { document, images: [{ image: { path: hole } }] }))).toContain('decode');
  });

  it('say whether weights are fitted, were fitted to something else, or are as they start', async () => {
    const wanted = [{ node: 'sum', socket: 'map' }];
    const state = async (document: GraphDocument, extra: object): Promise<Record<string, string | null>> => {
      const { nodes } = await preview(wanted, { document, ...extra });
      return Object.fromEntries(['teacher', 'student1', 'student2', 'scale1', 'scale2'].map((id) => [id, nodes[id]!.weights]));
    };
    const of = { run: { id: 'first' } };
    expect(await state(distilGraph(), {})).toEqual({ teacher: 'frozen', student1: 'unfitted', student2: 'unfitted', scale1: 'unfitted', scale2: 'unfitted' });
    expect(await state(distilGraph(), of)).toEqual({ teacher: 'frozen', student1: 'fitted', student2: 'fitted', scale1: 'fitted', scale2: 'fitted' });
    expect(await state(changed(distilGraph(), 'map1', { form: 'cosine' }), of)).toMatchObject({ student1: 'fitted', scale1: 'stale', scale2: 'fitted' });
    expect(await state(changed(distilGraph(), 'decode', { resize: [20, 20] }), of)).toMatchObject({ student1: 'stale', scale1: 'stale' });
  });

  it('use what a run that has not come to its end has fitted so far', async () => {
    cpSync(join(home, 'runs', 'first'), join(home, 'runs', 'half'), { recursive: true });
    rmSync(join(home, 'runs', 'half', 'bottle', 'fitted.safetensors'));
    const wanted = [{ node: 'student1', socket: 'layer1', as: { kind: 'raw' } }, { node: 'scale1', socket: 'map' }];
    const [whole, half] = [await preview(wanted, { run: { id: 'first' } }), await preview(wanted, { run: { id: 'half' } })];
    expect(half.nodes).toMatchObject({ student1: { weights: 'fitted' }, scale1: { weights: 'unfitted' } });
    const start = await preview(wanted);
    // A student's best epoch need not be its last, but either is far from where it began.
    const [a, b, c] = [await numbers(whole.values[0]!.shown), await numbers(half.values[0]!.shown), await numbers(start.values[0]!.shown)];
    const apart = (x: Float32Array, y: Float32Array): number => Math.sqrt(x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0));
    expect(apart(a, b)).toBeLessThan(apart(a, c));
  });

  it('are drawn as is asked', async () => {
    const kinds = ['channels', 'mean', 'pca', 'histogram', 'raw'].map((kind) => ({ node: 'teacher', socket: 'layer1', as: { kind } }));
    const { values } = await preview([...kinds, { node: 'sum', socket: 'map' }, { node: 'detection', socket: 'score' }]);
    expect(values[0]).toMatchObject({ stride: 2, shape: [8, 8, 4], shown: { columns: 2, tile: { height: 8, width: 8 }, gap: 1, picture: { size: { height: 17, width: 17 } } } });
    const raw = await numbers(values[4]!.shown);
    const mean = raw.reduce((a, b) => a + b, 0) / raw.length;
    const histogram = values[3]!.shown as { counts: number[]; mean: number; low: number; high: number };
    expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(256);
    expect(histogram.mean).toBeCloseTo(mean, 5);
    expect([histogram.low, histogram.high]).toEqual([Math.min(...raw), Math.max(...raw)]);
    expect((values[2]!.shown as { explained: number[] }).explained.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1 + 1e-9);
    expect(values.slice(5)).toMatchObject([{ shown: { kind: 'map' } }, { node: 'detection', type: 'score', shown: { kind: 'score', score: expect.any(Number) as number } }]);
    for (const { shown } of [values[0]!, values[1]!, values[2]!, values[5]!]) expect((await sharp(await fetched(shown)).metadata()).format).toBe('png');
    expect(await call('/preview', asked([{ node: 'teacher', socket: 'layer1', as: { kind: 'image' } }]))).toMatchObject({ status: 400, body: { code: 'cannot-be-shown', node: 'teacher', socket: 'layer1' } });
  });

  it('need only what lies above them to be right', async () => {
    const whole = distilGraph();
    const document = { ...whole, edges: whole.edges.filter(({ to }) => to !== 'map1.student') };
    expect((await preview([{ node: 'map2', socket: 'map' }], { document })).values).toHaveLength(1);
    expect(await call('/preview', asked([{ node: 'sum', socket: 'map' }], { document }))).toMatchObject({ status: 400, body: { code: 'missing-input', node: 'map1', socket: 'student' } });
    const foreign = { ...whole, nodes: { ...whole.nodes, teacher: { type: 'nobody/has', version: 1 } } };
    expect(await call('/preview', asked([{ node: 'map1', socket: 'map' }], { document: foreign }))).toMatchObject({ status: 400, body: { code: 'unknown-node-type', node: 'teacher', field: 'type' } });
  });

  it.each([
    ['a node that is not there', { wanted: [{ node: 'nobody', socket: 'map' }] }, 400, { code: 'unknown-node', node: 'nobody' }],
    ['a socket that is not there', { wanted: [{ node: 'sum', socket: 'nothing' }] }, 400, { code: 'unknown-socket', node: 'sum' }],
    ['a dataset', { wanted: [{ node: 'dataset', socket: 'dataset' }] }, 400, { code: 'no-value', node: 'dataset' }],
    ['an image outside of the roots', { images: [{ image: { path: '/etc/hostname' } }] }, 403, { code: 'outside-roots' }],
    ['a file that is no image', { images: [{ image: { path: join(data, 'note.png') } }] }, 400, { code: 'unreadable-image' }],
    ['a tile that is not there', { images: [{ image: { path: picture }, view: 5 }] }, 400, { code: 'no-such-view' }],
    ['a run that is not there', { run: { id: 'nobody' } }, 404, { code: 'no-run' }],
    ['a run by a path', { run: { id: '../first' } }, 404, { code: 'no-run' }],
    ['weights outside of the roots', { wanted: [{ node: 'teacher', socket: 'layer1' }], document: changed(distilGraph({ teacher: 'trial/pretrained' }), 'teacher', { weights: '/etc/passwd' }) }, 403, { code: 'outside-roots', node: 'teacher' }],
    ['an upload by a path', { images: [{ image: { upload: '../../../etc/passwd' } }] }, 404, { code: 'no-upload' }],
    ['no way to show', { wanted: [{ node: 'sum', socket: 'map', as: { kind: 'dream' } }] }, 400, { code: 'bad-request' }],
  ])('of %s are refused in words', async (_, extra, status, body) => {
    writeFileSync(join(data, 'note.png'), 'no image');
    expect(await call('/preview', asked([{ node: 'sum', socket: 'map' }], extra))).toMatchObject({ status, body });
  });

  it('take images that are sent', async () => {
    const form = new FormData();
    form.append('files', new Blob([new Uint8Array(readFileSync(picture))]), '../../evil.png');
    const sent = await fetch(`${served.address}/api/preview/images`, { method: 'POST', headers: { authorization: `Bearer ${served.token}` }, body: form });
    expect(sent.status).toBe(201);
    const { images } = (await sent.json()) as { images: { upload: string; name: string }[] };
    const { values } = await preview([{ node: 'decode', socket: 'images' }], { images: [{ image: { upload: images[0]!.upload } }] });
    const drawn = await sharp(await fetched(values[0]!.shown)).raw().toBuffer();
    expect(drawn.equals(await sharp(picture).raw().toBuffer())).toBe(true);
  });

  it('that are superseded are told so; the newest is answered', async () => {
    const wanted = [{ node: 'sum', socket: 'map' }];
    const documents = [1, 2, 3, 4].map((epochs) => changed(distilGraph({ fit: { epochs } }), 'decode', { resize: [16 + epochs, 16 + epochs] }));
    const answers = await Promise.all(documents.map((document) => call('/preview', asked(wanted, { document, client: 'editor' }))));
    expect(answers.at(-1)!.status).toBe(200);
    for (const answer of answers.slice(0, -1)) expect(answer).toMatchObject({ status: 409, body: { code: 'superseded' } });
    const both = await Promise.all(['one', 'other'].map((client) => call('/preview', asked(wanted, { client }))));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('that never come name the node which is stuck; the next is answered by another process', async () => {
    const stuck = await call('/preview', asked([{ node: 'sum', socket: 'map' }], { document: distilGraph({ beforeStudent: 'trial/hang' }) }));
    expect(stuck).toMatchObject({ status: 504, body: { code: 'preview-timeout', node: 'before-student' } });
    expect((await preview([{ node: 'sum', socket: 'map' }])).values).toHaveLength(1);
  });

  it('name the node that throws', async () => {
    const thrown = await call('/preview', asked([{ node: 'sum', socket: 'map' }], { document: distilGraph({ beforeStudent: 'trial/throw' }) }));
    expect(thrown).toMatchObject({ status: 400, body: { code: 'node-failed', node: 'before-student', title: expect.stringContaining('I never liked images') as string } });
  });

  it('answer that the process was killed, and go on with another', async () => {
    await preview([{ node: 'sum', socket: 'map' }]);
    const pid = childOf(process.pid, 'interactive/worker');
    const stuck = call('/preview', asked([{ node: 'sum', socket: 'map' }], { document: distilGraph({ beforeStudent: 'trial/hang' }) }));
    await sleep(500);
    process.kill(pid, 'SIGKILL');
    expect(await stuck).toMatchObject({ status: 503, body: { code: 'preview-worker-ended', hint: expect.stringContaining('again') as string } });
    expect((await preview([{ node: 'sum', socket: 'map' }])).values).toHaveLength(1);
    expect(childOf(process.pid, 'interactive/worker')).not.toBe(pid);
  });

  it('end their process once nobody asks, and when the server ends', async () => {
    const other = await serveTrial({ home: join(temporaryFolder(), 'idle'), dataRoots: [data], interactive: { idleMinutes: 1 / 60 } });
    const wanted = asked([{ node: 'sum', socket: 'map' }]);
    const before = new Set(childrenOf(process.pid, 'interactive/worker'));
    const mine = (): number[] => childrenOf(process.pid, 'interactive/worker').filter((pid) => !before.has(pid));
    expect((await ask(other, 'POST', '/preview', wanted)).status).toBe(200);
    expect(mine()).toHaveLength(1);
    await sleep(2500);
    expect(mine()).toEqual([]);
    expect((await ask(other, 'POST', '/preview', wanted)).status).toBe(200);
    expect(mine()).toHaveLength(1);
    await other.close();
    expect(mine()).toEqual([]);
  });

  it('leave no process behind where the server is killed, even while a node is stuck', async () => {
    const { child } = forkModule(new URL('../queue/server-process.ts', import.meta.url));
    const started = once(child, 'message') as Promise<[{ address: string; token: string }]>;
    child.send({ home: join(temporaryFolder(), 'killed'), data });
    const [other] = await started;
    const stuck = ask(other, 'POST', '/preview', asked([{ node: 'sum', socket: 'map' }], { document: distilGraph({ beforeStudent: 'trial/hang' }) })).catch(() => null);
    let pid: number | undefined;
    while (pid === undefined) {
      await sleep(100);
      [pid] = childrenOf(child.pid!, 'interactive/worker');
    }
    await sleep(3000);
    child.kill('SIGKILL');
    await stuck;
    for (let i = 0; i < 300 && isAlive(pid); i++) await sleep(100);
    expect(isAlive(pid)).toBe(false);
  });
});

/** Numbers of a process's children that run a module. */
function childrenOf(parent: number, module: string): number[] {
  const told = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).stdout.split('\n');
  return told.flatMap((line) => {
    const [, pid, of, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(of) === parent && args!.includes(module) ? [Number(pid)] : [];
  });
}

const childOf = (parent: number, module: string): number => childrenOf(parent, module)[0]!;
