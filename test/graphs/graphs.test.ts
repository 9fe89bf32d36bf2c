import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { derivedGraphs } from '../../graphs/derived.ts';
import { compile } from '../../server/compiler/index.ts';
import { check } from '../../server/compiler/check.ts';
import { stringifyGraph } from '../../server/graph/canonical.ts';
import { parseGraph } from '../../server/graph/parse.ts';
import { createRegistry } from '../../server/graph/registry.ts';
import { graphJsonSchema } from '../../server/graph/schema.ts';
import { builtinPacks } from '../../server/plugins/builtin.ts';
import { document, files, textOf } from './shipped.ts';

const registry = createRegistry(builtinPacks);
const schemaText = readFileSync(new URL('../../graphs/schema.json', import.meta.url), 'utf8');
const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(schemaText) as object);

describe('the graphs that ship', () => {
  it('are the default, each model alone, and the ablations', () => {
    expect(files).toEqual([
      'ablations/ae-kd.json',
      'ablations/ae-only.json',
      'ablations/kd-only.json',
      'ablations/mirror-student.json',
      'ablations/scoring-cosine-add.json',
      'ablations/scoring-cosine-multiply.json',
      'ablations/scoring-mse-add.json',
      'ablations/scoring-mse-multiply.json',
      'deep-lite0.json',
      'deep.json',
      'dual-model.json',
      'shallow.json',
    ]);
  });

  it('have names of their own, and say what they are', () => {
    expect(new Set(files.map((file) => document(file).name)).size).toBe(files.length);
    for (const file of files) expect(document(file).description, file).toMatch(/\.$/);
  });
});

describe.each(files)('graphs/%s', (file) => {
  it('parses', () => expect(parseGraph(textOf(file)).problems).toEqual([]));

  it('is in canonical form, byte for byte', () => expect(stringifyGraph(document(file))).toBe(textOf(file)));

  it('checks without a word', () => {
    const { ok, problems } = check(document(file), registry);
    expect({ ok, problems }).toEqual({ ok: true, problems: [] });
  });

  it('compiles without a word, and reports a detection and a localisation', () => {
    const { plan, warnings } = compile(document(file), registry);
    expect(warnings).toEqual([]);
    const results = plan.predict.sinks.map(({ name, kind }) => `${kind} ${name}`);
    expect(results).toContain('score detection');
    expect(results).toContain('map localisation');
  });

  it('is valid by graphs/schema.json, which it names', () => {
    expect(isValid(JSON.parse(textOf(file))), JSON.stringify(isValid.errors)).toBe(true);
    const schema = new URL(document(file).$schema!, new URL(`../../graphs/${file}`, import.meta.url));
    expect(existsSync(schema)).toBe(true);
    expect(schema.pathname.endsWith('/graphs/schema.json')).toBe(true);
  });

  it('states the version of every node, and places all of them on the canvas', () => {
    const { nodes, layout } = document(file);
    expect(Object.keys(layout!.nodes!).sort()).toEqual(Object.keys(nodes).sort());
    for (const [id, node] of Object.entries(nodes)) expect(node.version, id).toBe(registry.get(node.type)!.version);
  });
});

describe('graphs/schema.json', () => {
  it('is what `npm run schema` writes', () => {
    expect(schemaText).toBe(`${JSON.stringify(graphJsonSchema(), null, 2)}\n`);
  });

  const dual = JSON.parse(textOf('dual-model.json')) as { nodes: Record<string, object>; edges: object[] };
  it.each<[string, object]>([
    ['no version of the format', { ...dual, stillroom: undefined }],
    ['a node without a type', { ...dual, nodes: { a: { version: 1 } } }],
    ['a node without a version', { ...dual, nodes: { a: { type: 'data/dataset' } } }],
    ['an edge that leads from no socket', { ...dual, edges: [{ from: 'teacher-deep', to: 'normalise.images' }] }],
    ['a point of a wire without a place', { ...dual, layout: { wires: { 'a.in': [{ x: 0 }] } } }],
    ['points of what is no input', { ...dual, layout: { wires: { a: [{ x: 0, y: 0 }] } } }],
    ['a frame without a size', { ...dual, layout: { frames: [{ title: '', x: 0, y: 0 }] } }],
  ])('refuses %s, as the parser does', (_, value) => {
    const text = JSON.stringify(value);
    expect(isValid(JSON.parse(text))).toBe(false);
    expect(parseGraph(text).document).toBeUndefined();
  });
});

describe('graphs that follow from the default one', () => {
  const derived = derivedGraphs(document('dual-model.json'));

  it('are all but the default one', () => {
    expect(Object.keys(derived).sort()).toEqual(files.filter((file) => file !== 'dual-model.json'));
  });

  it.each(Object.keys(derived))('graphs/%s is what `npm run graphs` writes', (file) => {
    expect(stringifyGraph(derived[file]!)).toBe(textOf(file));
  });
});

describe('the default graph', () => {
  const dual = document('dual-model.json');
  const { plan } = compile(dual, registry);

  it("is fitted as the paper's: Adam, 0.005, 100 epochs of batches of 8, reduced on a plateau, the best kept", () => {
    expect(plan.fits.map(({ node }) => node).sort()).toEqual(['fit-ae', 'fit-shallow', 'fit-student']);
    for (const { settings } of plan.fits) {
      expect(settings).toEqual({
        optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        learningRate: 0.005,
        schedule: { kind: 'plateau', factor: 0.1, patience: 10, minimum: 0 },
        epochs: 100,
        batch: 8,
        keep: 'best',
        earlyStop: 0,
      });
    }
  });

  it('says so itself, and does not leave it to defaults', () => {
    for (const fit of ['fit-ae', 'fit-shallow', 'fit-student']) {
      expect(dual.nodes[fit]!.params).toMatchObject({
        optimiser: 'adam',
        learningRate: 0.005,
        batch: 8,
        epochs: 100,
        schedule: 'plateau',
      });
    }
    expect(dual.nodes['dataset']!.params).toMatchObject({ validationShare: 0.3 });
    expect(dual.nodes['resize-crop']!.params).toEqual({ mode: 'crop', resize: [256, 256], crop: [224, 224] });
    expect(dual.nodes['normalise']!.params).toMatchObject({ preset: 'imagenet' });
    expect(dual.nodes['smooth-shallow']!.params).toEqual({ sigma: 4 });
  });

  it('trains on 70 % of the normal images and validates on 30 %', () => {
    expect(plan.dataset.source).toEqual({ path: '', validationShare: 0.3, split: { by: 'dataset' } });
  });

  it('resizes to 256×256 and cuts out 224×224', () => {
    expect(plan.sources.map(({ geometry }) => geometry)).toEqual([{ mode: 'crop', resize: [256, 256], size: [224, 224] }]);
  });

  it('fits apart what the paper fits apart', () => {
    expect(Object.fromEntries(plan.fits.map(({ node, trained }) => [node, [...trained].sort()]))).toEqual({
      'fit-student': ['student-deep'],
      'fit-ae': ['ae-stage5', 'ae-stage7'],
      'fit-shallow': ['student-shallow'],
    });
  });

  it('keeps the features of both teachers, and pools those of the shallow one before', () => {
    const kept = Object.fromEntries(
      plan.fits.map(({ node, frozen }) => [node, frozen!.outputs.map((ref) => `${ref.node}.${ref.socket}`).sort()]),
    );
    const deep = ['teacher-deep.stage5', 'teacher-deep.stage7'];
    expect(kept).toEqual({ 'fit-student': deep, 'fit-ae': deep, 'fit-shallow': ['pool-layer1.features', 'pool-layer2.features'] });
  });

  it('multiplies cosine maps of the deep model, adds squared distances of the shallow one', () => {
    for (const id of ['kd-stage5', 'kd-stage7', 'ae-stage5', 'ae-stage7']) {
      expect(dual.nodes[`distance-${id}`]!.params).toEqual({ form: 'cosine' });
    }
    for (const id of ['layer1', 'layer2']) expect(dual.nodes[`distance-${id}`]!.params).toEqual({ form: 'squared-l2' });
    for (const id of ['map-kd', 'map-ae', 'map-deep', 'map-both']) expect(dual.nodes[id]!.params).toEqual({ maps: 2, operation: 'product' });
    expect(dual.nodes['sum-shallow']!.params).toEqual({ maps: 2, operation: 'sum' });
  });

  it('runs each teacher once, whatever hangs on it', () => {
    const teachers = plan.predict.part.nodes.filter(({ definition }) => definition.pretrained);
    expect(teachers.map(({ id }) => id).sort()).toEqual(['teacher-deep', 'teacher-shallow']);
  });

  it('reports the two results of its own and those of its parts', () => {
    expect(plan.predict.sinks.map(({ name }) => name).sort()).toEqual([
      'deep-ae',
      'deep-kd',
      'detection',
      'localisation',
      'product',
      'shallow-max',
    ]);
  });
});

describe('ablations', () => {
  const trained = (file: string): string[] => compile(document(file), registry).plan.fits.flatMap((fit) => [...fit.trained]).sort();
  it.each([
    ['ablations/kd-only.json', ['student-deep']],
    ['ablations/ae-only.json', ['ae-stage5', 'ae-stage7']],
    ['ablations/ae-kd.json', ['ae-stage5', 'ae-stage7', 'student-deep']],
    ['shallow.json', ['student-shallow']],
  ])('%s fits %j', (file, expected) => expect(trained(file)).toEqual(expected));

  it.each([
    ['mse', 'add', 'mse', 'sum'],
    ['mse', 'multiply', 'mse', 'product'],
    ['cosine', 'add', 'cosine', 'sum'],
    ['cosine', 'multiply', 'cosine', 'product'],
  ])('scoring-%s-%s: %s maps, %s', (form, verb, distance, operation) => {
    const { nodes } = document(`ablations/scoring-${form}-${verb}.json`);
    const of = (type: string, param: string) => new Set(Object.values(nodes).filter((n) => n.type === type).map((n) => n.params![param]));
    expect(of('scoring/distance', 'form')).toEqual(new Set([distance]));
    expect(of('scoring/combine', 'operation')).toEqual(new Set([operation]));
    // What is scored raw is fitted raw.
    expect(of('distillation/loss', 'form')).toEqual(new Set([form === 'mse' ? 'mse' : 'squared-l2']));
  });
});

