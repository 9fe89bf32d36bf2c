import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import { parseGraph } from '../../../server/graph/parse.ts';
import { applySettings, parseSetting } from '../../../server/runs/apply-overrides.ts';
import { run, type RunRequest } from '../../../server/runs/run.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { trialRegistry } from '../runtime/trial-graphs.ts';
import { writeCategory } from './trial-data.ts';
import { trialRequest } from './trial-request.ts';

const root = temporaryFolder();
const graph = parseGraph(readFileSync(new URL('../../../graphs/shallow.json', import.meta.url), 'utf8')).document!;
const small = applySettings(graph, ['resize-crop.resize=[64,64]', 'resize-crop.crop=[64,64]', 'fit-shallow.batch=4'].map(parseSetting), trialRegistry);

describeWith(engineNeed(), 'the shallow model on images of 64 px', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine();
    vi.stubEnv('STILLROOM_HOME', join(root, 'home'));
    vi.stubEnv('STILLROOM_CACHE', join(root, 'cache'));
    await writeCategory(join(root, 'bottle'), 11);
  });
  afterAll(() => vi.unstubAllEnvs());

  async function resultOf(name: string, given: Partial<RunRequest>): Promise<Record<string, string>> {
    const out = join(root, name);
    const request = trialRequest(async () => engine, { data: join(root, 'bottle'), out, document: small, epochs: 2, ...given });
    await withoutLeaks(engine, name, () => run(request));
    const files = ['metrics.jsonl', 'bottle/scores.csv', 'bottle/reports.json', 'bottle/fitted.safetensors'];
    return Object.fromEntries(files.map((file) => [file, readFileSync(join(out, file), 'base64')]));
  }

  it('ends with the same bits when it is cancelled and goes on, with features kept or computed anew', async () => {
    const kept = await resultOf('kept', {});
    const abort = new AbortController();
    const emit: RunRequest['emit'] = (event) => void (event.type === 'step' && event.epoch === 2 && abort.abort());
    await expect(resultOf('anew', { featureBudget: null, signal: abort.signal, emit })).rejects.toMatchObject({ code: 'cancelled' });
    expect(await resultOf('anew', { featureBudget: null })).toEqual(kept);
  });
});
