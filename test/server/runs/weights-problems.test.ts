import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { check } from '../../../server/compiler/check.ts';
import { compile } from '../../../server/compiler/index.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { mustHaveWeights } from '../../../server/runs/wanted-weights.ts';
import { weightsProblems } from '../../../server/runs/weights-problems.ts';
import { openWeightsRegistry, type WeightsRegistry } from '../../../server/weights/registry.ts';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const registry = createRegistry(builtinPacks);
const shallow = JSON.parse(readFileSync(new URL('../../../graphs/shallow.json', import.meta.url), 'utf8')) as GraphDocument;
const teacher = shallow.nodes['teacher-shallow']!;
const giving = (stages: string[], weights = ''): GraphDocument => ({ ...shallow, nodes: { ...shallow.nodes, 'teacher-shallow': { ...teacher, params: { stages, weights } } } });

describe('weights of a graph, before it is run,', () => {
  let weights: WeightsRegistry;
  const problemsOf = (document: GraphDocument, known = weights) => weightsProblems(check(document, registry).nodes.values(), known);
  beforeAll(async () => {
    vi.stubEnv('STILLROOM_HOME', join(folder, 'home'));
    vi.stubEnv('STILLROOM_CACHE', join(folder, 'cache'));
    weights = await openWeightsRegistry(builtinPacks);
  });
  afterAll(() => void vi.unstubAllEnvs());

  const tooDeep = giving(['layer1', 'layer2', 'layer3', 'layer4']);
  const message = 'expected weights that cover layer3, layer4, found resnet18.starter, which reaches to layer2';

  it('are no problem where they reach as deep as the stages that are given', async () => {
    expect(await problemsOf(shallow)).toEqual([]);
    expect(await problemsOf(giving(['layer1', 'layer2'], 'resnet18.starter'))).toEqual([]);
  });

  it('are a problem at the node where they do not, with others that may', async () => {
    expect(await problemsOf(tooDeep)).toEqual([
      {
        code: 'weights-missing',
        severity: 'error',
        node: 'teacher-shallow',
        field: 'weights',
        message,
        hint: 'set `weights` to "resnet18.torchvision", which is fetched on first use, or choose stages that resnet18.starter covers',
      },
    ]);
  });

  it('are told to be others that are here, where their header shows that they do', async () => {
    const architecture = weights.architectures.get('resnet18')!;
    const file = join(folder, 'whole.safetensors');
    await writeSafetensors(file, new Map(architecture.weights().map(({ name }) => [name, { shape: [1], data: new Float32Array(1) }])));
    const starter = weights.entries.find(({ name }) => name === 'resnet18.starter')!;
    const mine = { ...starter, name: 'resnet18.mine', source: { kind: 'file' as const, path: file } };
    const [problem] = await problemsOf(tooDeep, { ...weights, entries: [...weights.entries, mine] });
    expect(problem!.hint).toBe('set `weights` to "resnet18.mine", or choose stages that resnet18.starter covers');
  });

  it('say nothing of what is not here yet', async () => {
    expect(await problemsOf(giving(['layer4'], 'resnet18.torchvision'))).toEqual([]);
  });

  it('are refused when a run is asked for', async () => {
    const ask = (document: GraphDocument) => mustHaveWeights(compile(document, registry).plan.nodes.values(), weights, {}, {});
    await ask(shallow);
    await expect(ask(tooDeep)).rejects.toMatchObject({ code: 'weights-missing', message, place: { node: 'teacher-shallow', field: 'weights' } });
  });
});
