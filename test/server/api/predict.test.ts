import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { openFinishedRun, type FinishedRun } from '../../../server/predict/finished-run.ts';
import { mapFormats, mapWriter } from '../../../server/predict/map-file.ts';
import { predictionOf, type Prediction } from '../../../server/predict/prediction.ts';
import { batchFor, scoreImages, type ScoredImage } from '../../../server/predict/score-images.ts';
import { run } from '../../../server/runs/run.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { ask, serveTrial, type Answered } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory } from '../runs/trial-data.ts';
import { trialRequest } from '../runs/trial-request.ts';
import { distilGraph, trialPacks, trialRegistry } from '../runtime/trial-graphs.ts';
import { compileWith } from '../runtime/trial-run.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
const cache = join(home, 'cache');
const data = join(home, 'data');
const tests = ['test/good/000.png', 'test/good/001.png', 'test/hole, "deep"/000.png', 'test/hole, "deep"/001.jpg'].map((path) => join(data, 'bottle', path));

type Row = Prediction & { error?: { code: string } };
interface Predicted {
  id: string;
  verdict: string | null;
  thresholds: Record<string, { value: number }>;
  images: Row[];
  summary: object;
}

describeWith(engineNeed(), 'predictions', () => {
  let served: Served;
  let engine: Engine;
  let finished: FinishedRun;
  const predict = (body: object, id = 'first'): Promise<Answered> => ask(served, 'POST', `/runs/${id}/predict`, body);
  const fetched = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(served.address + path, { ...init, headers: { authorization: `Bearer ${served.token}`, ...(init.headers as Record<string, string>) } });
  const send = (files: readonly (readonly [string, Uint8Array])[], query = ''): Promise<Response> => {
    const form = new FormData();
    for (const [name, bytes] of files) form.append('files', new Blob([new Uint8Array(bytes)]), name);
    return fetched(`/api/runs/first/predict${query}`, { method: 'POST', body: form });
  };

  /** As `stillroom predict` scores them. */
  async function here(files: readonly string[]): Promise<ScoredImage[]> {
    async function* each(): AsyncGenerator<{ file: string }> {
      for (const file of files) yield { file };
    }
    const scored: ScoredImage[] = [];
    for await (const one of scoreImages(finished, each(), { compile: compileWith(engine), batch: batchFor(finished, files.length, 8), asTheyCome: false })) scored.push(one as ScoredImage);
    return scored;
  }

  beforeAll(async () => {
    // A cache of its own, with the engine that is there.
    engine = await loadEngine();
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', cache);
    vi.stubEnv('STILLROOM_ENGINE', engine.library.directory);
    await writeCategory(join(data, 'bottle'), 8);
    await run(trialRequest(async () => engine, { data, out: join(home, 'runs', 'first'), document: distilGraph({ fit: { batch: 4, epochs: 2 } }) }));
    finished = await openFinishedRun(join(home, 'runs', 'first'), { registry: trialRegistry, packs: trialPacks, offline: true });
    served = await serveTrial({ home, dataRoots: [data], interactive: { patienceSeconds: 20 } });
  });
  afterAll(async () => {
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('are those of `stillroom predict`, number by number', async () => {
    for (const files of [tests, tests.slice(2, 3)]) {
      const { status, body } = await predict({ paths: files });
      expect(status, JSON.stringify(body)).toBe(200);
      const { images, verdict, thresholds } = body as Predicted;
      expect(verdict).toBe('detection');
      expect(thresholds['detection']!.value).toBe(finished.thresholds.get('detection')!.value);
      const expected = (await here(files)).map((scored) => predictionOf(finished, scored));
      expect(images).toEqual(expected.map(({ map: _, ...row }, i) => ({ ...row, map: `/api/predictions/${(body as Predicted).id}/maps/${i}` })));
    }
  });

  it('have maps in every format, byte by byte as they are written by the command', async () => {
    const { body } = await predict({ paths: tests });
    const scored = await here(tests);
    for (const format of mapFormats) {
      const { file } = await mapWriter(finished, join(home, 'maps'), format, null).write(scored[2]!);
      for (const _ of ['drawn', 'kept']) {
        const answer = await fetched(`${(body as Predicted).images[2]!.map}?format=${format}`);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toBe(format === 'npy' ? 'application/octet-stream' : 'image/png');
        expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(file))).toBe(true);
      }
    }
  });

  it('of images that are sent are those of the same files', async () => {
    const { body } = await predict({ paths: tests });
    const answer = await send(tests.map((file, i) => [`../${i}/picture.png`, readFileSync(file)] as const));
    expect(answer.status).toBe(200);
    const sent = (await answer.json()) as Predicted;
    expect(sent.images.map(({ scores }) => scores)).toEqual((body as Predicted).images.map(({ scores }) => scores));
    expect(sent.images.map(({ file }) => file)).toEqual(tests.map((_, i) => `../${i}/picture.png`));
    expect((await fetched(sent.images[0]!.map!)).status).toBe(200);
    expect(readdirSync(join(cache, 'predictions', sent.id)).sort()).toContain('0');
  });

  it('of images that cannot be read are their errors, in their places', async () => {
    writeFileSync(join(data, 'broken.png'), 'not an image');
    const bomb = await sharp({ create: { width: 16_384, height: 16_384, channels: 3, background: 'black' }, limitInputPixels: false }).png().toBuffer();
    writeFileSync(join(data, 'bomb.png'), bomb);
    const { status, body } = await predict({ paths: ['/etc/passwd', tests[0]!, join(data, 'broken.png'), join(data, 'absent.png'), tests[1]!, join(data, 'bomb.png')] });
    expect(status).toBe(200);
    const { images, summary } = body as Predicted;
    expect(images.map((one) => one.error?.code ?? 'scored')).toEqual(['outside-roots', 'scored', 'unreadable-image', 'no-such-path', 'scored', 'image-too-large']);
    expect(images.map(({ map }) => map?.split('/').at(-1))).toEqual([undefined, '1', undefined, undefined, '4', undefined]);
    expect(summary).toMatchObject({ images: 6, failed: 4 });
    expect((await fetched(images[4]!.map!)).status).toBe(200);
  });

  it('come line by line where that is wanted', async () => {
    const answer = await fetched('/api/runs/first/predict', {
      method: 'POST',
      body: JSON.stringify({ paths: [...tests, join(data, 'absent.png')] }),
      headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    });
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await answer.text()).trim().split('\n').map((line) => JSON.parse(line) as { index?: number; image?: Row; end?: Predicted });
    expect(lines.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, undefined]);
    expect(lines[4]!.image).toMatchObject({ error: { code: 'no-such-path' } });
    expect(lines[5]!.end).toMatchObject({ summary: { images: 5, failed: 1 }, verdict: 'detection' });
  });

  it.each([
    ['a run that is not there', 'nobody', { paths: ['x'] }, 404, 'no-run'],
    ['a run by a path', '..%2f..%2fetc', { paths: ['x'] }, 404, 'no-run'],
    ['a category that the run lacks', 'first', { paths: tests, category: 'glass' }, 400, 'unknown-category'],
    ['no images', 'first', { paths: [] }, 400, 'bad-request'],
  ])('of %s are refused in words', async (_, id, body, status, code) => {
    expect(await predict(body, id)).toMatchObject({ status, body: { code } });
  });

  it('of a form without images, or one that is none, are refused, and leave nothing', async () => {
    const before = readdirSync(join(cache, 'predictions'));
    expect(await (await send([])).json()).toMatchObject({ code: expect.stringMatching(/^upload-/) as string });
    const torn = await fetched('/api/runs/first/predict', { method: 'POST', body: '--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nhalf', headers: { 'content-type': 'multipart/form-data; boundary=x' } });
    expect(await torn.json()).toMatchObject({ code: 'upload-unreadable' });
    expect(readdirSync(join(cache, 'predictions'))).toEqual(before);
  });

  it.each(['not-an-id', '..%2f..%2fserver', '00000000-0000-4000-8000-000000000000'])('that are not kept have no maps: %s', async (id) => {
    expect([400, 404]).toContain((await fetched(`/api/predictions/${id}/maps/0`)).status);
  });

  it('are described in OpenAPI with both kinds of body and answer', async () => {
    const { body } = await ask(served, 'GET', '/openapi.json');
    const { post } = (body as { paths: Record<string, { post: { requestBody: { content: object }; responses: Record<string, { content: object }> } }> }).paths['/api/runs/{id}/predict']!;
    expect(Object.keys(post.requestBody.content)).toEqual(['application/json', 'multipart/form-data']);
    expect(Object.keys(post.responses['200']!.content)).toEqual(['application/json', 'application/x-ndjson']);
  });
});
