import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { ReportSection, SinkReport } from '../../../plugins/sdk/index.ts';
import type { Manifest } from '../../../server/runs/manifest.ts';
import { csvLine } from '../../../server/runs/csv.ts';
import { RunFolder } from '../../../server/runs/run-folder.ts';

/** A test image of a recorded run: file, defect (`good` where it has none), score. */
export type Scored = readonly [file: string, defect: string, score: number];

export interface Recording {
  category?: string;
  images?: readonly Scored[];
  /** Metrics of the detection. */
  metrics?: Record<string, number | null>;
  own?: { imageAuroc?: number | null; pixelAuroc?: number | null; aupro?: number | null };
  /** What the detection has to tell besides. */
  sections?: readonly ReportSection[];
  manifest?: Partial<Manifest>;
  /** What is done to the shallow model before it is recorded. */
  graph?: (graph: { name: string; nodes: Record<string, { title?: string; params?: Record<string, unknown> }> }) => void;
}

export const threshold: NonNullable<SinkReport['threshold']> = {
  value: 2,
  rule: '0.99 quantile of the validation scores',
  images: 14,
  promised: { rate: 2 / 15, low: 0.0018, high: 0.339 },
  observed: { rate: 0.5, low: 0.0126, high: 0.9874 },
};

const usual: readonly Scored[] = [
  ['plates/test/good/0.png', 'good', 1],
  ['plates/test/good/1.png', 'good', 2.5],
  ['plates/test/blot/0.png', 'blot', 1.5],
  ['plates/test/blot/1.png', 'blot', 9],
  ['plates/test/scratch/0.jpg', 'scratch', 4],
];

/** Writes a folder as a finished run leaves it, without running anything. */
export async function recordRun(path: string, recording: Recording = {}): Promise<string> {
  const { category = 'plates', images = usual } = recording;
  const folder = new RunFolder(path);
  const write = (file: string, content: string | Buffer): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  const graph = JSON.parse(readFileSync(new URL('../../../graphs/shallow.json', import.meta.url), 'utf8')) as Parameters<NonNullable<Recording['graph']>>[0];
  recording.graph?.(graph);
  write(folder.file('graph.json'), JSON.stringify(graph));
  write(folder.file('manifest.json'), JSON.stringify({ ...manifestOf(category, graph.name), ...recording.manifest }));
  const own = { imageAuroc: 0.75, pixelAuroc: 0.5, aupro: null, ...recording.own };
  const metrics = { imageAuroc: own.imageAuroc, f1Max: 0.8, threshold: 2, truePositives: 2, falsePositives: 1, trueNegatives: 1, falseNegatives: 1, ...recording.metrics };
  write(folder.file('metrics.json'), JSON.stringify({ [category]: { ...own, results: { detection: metrics }, thresholds: { detection: threshold }, notes: [] } }));
  const epochs = [1, 2, 3].map((epoch) => ({ type: 'epoch', category, fit: 'fit-shallow', epochs: 3, epoch, trainLoss: 1 / epoch, validationLoss: [0.9, 0.4, 0.6][epoch - 1], rate: 0.005, isBest: epoch < 3 }));
  write(folder.file('metrics.jsonl'), epochs.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const curves = [{ name: 'ROC', x: { title: 'false-positive rate', values: [0, 0, 0.5, 1] }, y: { title: 'true-positive rate', values: [0, 0.5, 1, 1] } }];
  write(folder.categoryFile(category, 'reports.json'), JSON.stringify({ category, reports: { detection: { metrics, notes: [], curves, threshold, ...(recording.sections ? { sections: recording.sections } : {}) } }, histories: {} }));
  const rows = images.map(([file, defect, score]) => csvLine([file, defect, defect !== 'good', score]));
  write(folder.categoryFile(category, 'scores.csv'), csvLine(['file', 'defect', 'anomalous', 'detection']) + rows.join(''));
  const map = await sharp({ create: { width: 16, height: 8, channels: 3, background: 'teal' } }).png().toBuffer();
  for (const [file] of images) {
    const inside = file.startsWith(`${category}/`) ? file.slice(category.length + 1) : file;
    write(join(folder.categoryFile(category, 'maps'), inside.endsWith('.png') ? inside : `${inside}.png`), map);
  }
  return path;
}

function manifestOf(category: string, name: string): Manifest {
  return {
    stillroom: '0.1.0',
    status: 'done',
    started: '2026-01-31T12:00:00.000Z',
    resumed: [],
    ended: '2026-01-31T12:01:00.000Z',
    problem: null,
    identity: 'a'.repeat(64),
    graph: { name, logic: 'b'.repeat(64) },
    overrides: { epochs: 3, set: {}, weights: {} },
    seed: 0,
    data: {
      root: '/data/plates',
      layout: 'mvtec',
      sha256: 'c'.repeat(64),
      generated: false,
      categories: { [category]: { train: 7, validation: 14, test: 5, anomalous: 3 } },
      uninspected: { detection: 0.234375 },
    },
    weights: [{ node: 'teacher-shallow', architecture: 'resnet18', name: 'resnet18.starter', sha256: 'd'.repeat(64), licence: 'Apache-2.0', caution: 'starter weights: results are not comparable with the paper' }],
    engine: { version: '2.21.0', source: 'wheel', device: 'cpu', mode: 'native' },
    machine: { node: 'v20.20.2', platform: 'linux x64', processor: 'a processor', cores: 2 },
    warnings: [],
    timings: { [category]: { fit: 3, calibrate: 1, predict: 2 } },
  };
}
