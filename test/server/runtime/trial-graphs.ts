import type { GraphDocument, GraphNode } from '../../../server/graph/document.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { trialPack } from './trial-pack.ts';

export const trialPacks = [...builtinPacks, trialPack];
export const trialRegistry = createRegistry(trialPacks);

type Given = Record<string, { type: string; params?: Record<string, unknown> }>;

/** A document from nodes by id and edges `from -> to`. */
export function document(name: string, nodes: Given, edges: readonly string[]): GraphDocument {
  const versioned = Object.entries(nodes).map(([id, node]): [string, GraphNode] => [
    id,
    { version: trialRegistry.get(node.type)!.version, ...node },
  ]);
  const ends = edges.map((edge) => edge.split(' -> ') as [string, string]);
  return { stillroom: 1, name, nodes: Object.fromEntries(versioned), edges: ends.map(([from, to]) => ({ from, to })) };
}

export const data = (side: number, validationShare = 0.3): Given => ({
  dataset: { type: 'data/dataset', params: { validationShare } },
  decode: { type: 'data/resize-crop', params: { resize: [side, side], crop: [side, side] } },
});

/** One node of one weight, fitted to images of one pixel. */
export function pullGraph(fit: Record<string, unknown>, node: { type?: string; start?: number; fit?: string } = {}): GraphDocument {
  return document(
    'Pull',
    {
      ...data(1),
      pull: { type: node.type ?? 'trial/pull', params: { start: node.start ?? 0 } },
      fit: node.fit === undefined ? { type: 'training/fit', params: { schedule: 'constant', ...fit } } : { type: node.fit, params: fit },
      detection: { type: 'evaluation/detection' },
    },
    ['dataset.dataset -> decode.dataset', 'decode.images -> pull.images', 'pull.loss -> fit.loss', 'pull.score -> detection.score'],
  );
}

export interface DistilOptions {
  fit?: Record<string, unknown>;
  /** Node types of images to images, between decoding and the teacher or the student. */
  beforeTeacher?: string;
  beforeStudent?: string;
  /** Type of the teacher. */
  teacher?: string;
  validationShare?: number;
}

/** Two students of one teacher, one a layer, each with a fit of its own; 16×16 images. */
export function distilGraph({
  fit = {},
  beforeTeacher = 'trial/through',
  beforeStudent = 'trial/through',
  teacher = 'trial/teacher',
  validationShare = 0.3,
}: DistilOptions = {}): GraphDocument {
  const through = (type: string): Given[string] =>
    type === 'trial/through' ? { type: 'data/normalise', params: { preset: 'custom' } } : { type };
  const fitted = { epochs: 3, batch: 4, learningRate: 0.02, schedule: 'constant', ...fit };
  return document(
    'Distil',
    {
      ...data(16, validationShare),
      'before-teacher': through(beforeTeacher),
      'before-student': through(beforeStudent),
      teacher: { type: teacher },
      student1: { type: 'trial/mirror', params: { stages: ['layer1'] } },
      student2: { type: 'trial/mirror', params: { stages: ['layer2'] } },
      loss1: { type: 'distillation/loss', params: { layers: 1, form: 'mse' } },
      loss2: { type: 'distillation/loss', params: { layers: 1, form: 'mse' } },
      fit1: { type: 'training/fit', params: fitted },
      fit2: { type: 'training/fit', params: fitted },
      map1: { type: 'scoring/distance', params: { form: 'mse' } },
      map2: { type: 'scoring/distance', params: { form: 'mse' } },
      scale1: { type: 'scoring/normalise' },
      scale2: { type: 'scoring/normalise' },
      sum: { type: 'scoring/combine', params: { operation: 'sum' } },
      maximum: { type: 'scoring/maximum' },
      detection: { type: 'evaluation/detection' },
      localisation: { type: 'evaluation/localisation' },
    },
    [
      'dataset.dataset -> decode.dataset',
      'decode.images -> before-teacher.images',
      'decode.images -> before-student.images',
      'before-teacher.images -> teacher.images',
      'before-student.images -> student1.images',
      'before-student.images -> student2.images',
      ...[1, 2].flatMap((k) => [
        `teacher.layer${k} -> loss${k}.teacher1`,
        `student${k}.layer${k} -> loss${k}.student1`,
        `loss${k}.loss -> fit${k}.loss`,
        `teacher.layer${k} -> map${k}.teacher`,
        `student${k}.layer${k} -> map${k}.student`,
        `map${k}.map -> scale${k}.map`,
        `scale${k}.map -> sum.map${k}`,
      ]),
      'sum.map -> maximum.map',
      'sum.map -> localisation.map',
      'maximum.score -> detection.score',
    ],
  );
}
