import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Exporter, Pack, Sample } from '../../plugins/sdk/index.ts';
import { checkPack } from '../../server/conformance/index.ts';
import { builtinPacks } from '../../server/plugins/builtin.ts';
import { checkedReport } from '../../server/runtime/checked-report.ts';
import { json, Stillroom } from '../server/cli/stillroom.ts';
import { fixture } from '../support/plugins.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { linkTools } from '../support/third-party.ts';

const text = readFileSync(new URL('../../docs/plugins.md', import.meta.url), 'utf8');
const root = temporaryFolder();
const folder = mkdtempSync(join(root, 'acme-'));
const stillroom = new Stillroom(join(root, 'home'), { STILLROOM_PLUGIN_DIRS: folder });
const options = { target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [], strict: true, noUncheckedIndexedAccess: true, skipLibCheck: true, noEmitOnError: true, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true, rootDir: 'src', outDir: 'dist' };
const versionOf = (type: string): number => builtinPacks.flatMap(({ nodes }) => nodes).find((node) => node.type === type)!.version;
const warm = {
  stillroom: 1,
  name: 'Warm',
  nodes: {
    dataset: { type: 'data/dataset', version: versionOf('data/dataset') },
    decode: { type: 'data/resize-crop', version: versionOf('data/resize-crop'), params: { resize: [64, 64], crop: [64, 64] } },
    teacher: { type: 'teacher/resnet18', version: versionOf('teacher/resnet18'), params: { stages: ['layer1'] } },
    warm: { type: 'acme/warm', version: 1 },
  },
  edges: [{ from: 'dataset.dataset', to: 'decode.dataset' }, { from: 'decode.images', to: 'teacher.images' }, { from: 'teacher.layer1', to: 'warm.features' }],
};

describe('what docs/plugins.md says of sockets, reports, exporters and templates', { timeout: 60_000 }, () => {
  let pack: Pack;

  beforeAll(async () => {
    for (const part of ['src', 'templates']) mkdirSync(join(folder, part));
    const wanted = ['heat-pack.ts', 'heat.ts', 'by-defect.ts', 'listing.ts'];
    for (const [, name, code] of text.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)) if (wanted.includes(name!)) writeFileSync(join(folder, 'src', name!), code!);
    linkTools(folder);
    const named = JSON.parse(/^```json\n(\{ "templates".*?\})\n```$/ms.exec(text)![1]!) as object;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'acme', version: '1.0.0', type: 'module', keywords: ['stillroom-plugin'], stillroom: { manifest: 1, api: '^1.0.0', packs: ['./dist/heat-pack.js'], ...named } }));
    writeFileSync(join(folder, 'templates', 'warm.json'), JSON.stringify(warm));
    writeFileSync(join(folder, 'icon.svg'), readFileSync(join(fixture('extras'), 'icon.svg')));
    writeFileSync(join(folder, 'README.md'), '# Acme\n');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['src'] }));
    execFileSync(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc')], { cwd: folder, encoding: 'utf8' });
    ({ pack } = (await import(join(folder, 'dist/heat-pack.js'))) as { pack: Pack });
  }, 60_000);

  it('keeps the contract, and `plugin check` says so', async () => {
    expect((await checkPack(pack, { plugin: 'acme' })).findings).toEqual([]);
    const told = await stillroom.run('plugin', 'check', folder, '--json');
    expect(told.code, told.err).toBe(0);
    expect(json(told)).toMatchObject({ problem: null, nodes: ['acme/warm', 'acme/by-defect'], socketTypes: ['acme/heat'], exporters: ['acme/listing'], check: { findings: [], problems: [] } });
  });

  it('writes what a socket type says on edges', async () => {
    const file = join(root, 'warm.json');
    writeFileSync(file, JSON.stringify(warm));
    // A graph that is not evaluated cannot be run, and is described all the same.
    expect((await stillroom.run('check', file)).out).toContain('heat heat of 16 by 16');
  });

  it('reports a section, number by number', () => {
    const measuring = pack.nodes[1]!.sink!({} as never).evaluate({});
    const sample = (defect: string): Sample => ({ file: `${defect}.png`, defect, anomalous: defect !== 'good', mask: null });
    for (const [defect, value] of [['good', 1], ['good', 2], ['blot', 9]] as const) measuring.add(sample(defect), { shape: [1], data: Float32Array.of(value) });
    const { sections, notes } = checkedReport(measuring.finish());
    expect(notes).toEqual([]);
    expect(sections![0]!.tables![0]!.rows).toEqual([['good', 2, 1.5], ['blot', 1, 9]]);
  });

  it('exports a listing', async () => {
    const written: Record<string, unknown> = {};
    const listing: Exporter = pack.exporters![0]!;
    const node = { id: 'net', type: 'acme/net', title: 'Net', params: {}, weights: { kernel: { role: 'trainable', shape: [1, 2], data: Float32Array.of(1, 2) } } } as const;
    await listing.export({ name: 'run', graph: {}, manifest: {}, categories: [{ name: 'metal nut', metrics: {}, nodes: () => Promise.resolve([node]) }] }, { write: (path, content) => Promise.resolve(void (written[path] = content)) });
    expect(written).toEqual({ 'metal%20nut.csv': 'weight,role,shape\nnet/kernel,trainable,1x2\n' });
    expect(json<{ name: string }[]>(await stillroom.run('export', '--list', '--json')).map(({ name }) => name)).toEqual(['weights', 'acme/listing']);
  });
});
