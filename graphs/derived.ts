import type { GraphDocument } from '../server/graph/document.ts';
import { about, adding, replacing, setting, tightened, without, type About } from './derive.ts';

const ofBoth = ['maximum-product', 'product', 'map-both'];
const ofShallow = [
  'distance-layer1', 'distance-layer2', 'fit-shallow', 'localisation', 'loss-shallow', 'maximum-shallow',
  'normalise-shallow', 'pool-layer1', 'pool-layer2', 'shallow-max', 'smooth-shallow', 'student-shallow', 'sum-shallow',
  'teacher-shallow',
];
const ofAutoencoders = [
  'ae-stage5', 'ae-stage7', 'deep-ae', 'distance-ae-stage5', 'distance-ae-stage7', 'fit-ae', 'loss-ae', 'maximum-ae',
  'map-ae',
];
const ofStudent = [
  'deep-kd', 'distance-kd-stage5', 'distance-kd-stage7', 'fit-student', 'loss-student', 'maximum-kd', 'map-kd',
  'student-deep',
];
const ofDeep = [...ofAutoencoders, ...ofStudent, 'detection', 'maximum-deep', 'map-deep', 'teacher-deep'];

/** The shipped graphs that follow from the default one, by file; `npm run graphs` writes them. */
export function derivedGraphs(dual: GraphDocument): Record<string, GraphDocument> {
  const deepOnly = deepFrom(dual);
  const ablation = (document: GraphDocument, said: About): GraphDocument => about(document, said, 1);
  const graphs = {
    'shallow.json': shallowFrom(dual),
    'deep.json': deepOnly,
    'deep-lite0.json': lite0From(deepOnly),
    'ablations/kd-only.json': ablation(partFrom(deepOnly, ofAutoencoders, ['deep-kd', 'maximum-kd'], 'map-kd'), {
      name: 'Deep model, KD only',
      description: 'The deep model with its student and without autoencoder modules.',
      cite: 'Thomine & Snoussi 2024, Table 7 (KD)',
    }),
    'ablations/ae-only.json': ablation(partFrom(deepOnly, ofStudent, ['deep-ae', 'maximum-ae'], 'map-ae'), {
      name: 'Deep model, AE only',
      description: 'The deep model with its autoencoder modules and without a student.',
      cite: 'Thomine & Snoussi 2024, Table 7 (AE)',
    }),
    'ablations/ae-kd.json': ablation(deepOnly, {
      name: 'Deep model, AE + KD',
      description: 'The deep model with its student and its autoencoder modules: that of the default graph.',
      cite: 'Thomine & Snoussi 2024, Table 7 (AE + KD)',
    }),
    'ablations/mirror-student.json': ablation(mirrorFrom(deepOnly), {
      name: 'Deep model, mirror student',
      description: 'The deep model with a student of its teacher\'s own architecture instead of the residual one.',
      cite: 'Thomine & Snoussi 2024, Table 6',
    }),
    ...scorings(deepOnly),
  };
  return Object.fromEntries(Object.entries(graphs).map(([file, document]) => [file, tightened(document)]));
}

function deepFrom(dual: GraphDocument): GraphDocument {
  return about(localised(without(dual, [...ofShallow, ...ofBoth]), 'map-deep'), {
    name: 'Deep model',
    description:
      'The deep model alone: EfficientNet-B0 as teacher, a residual student, an autoencoder module for each feature. ' +
      'Its smoothed map stands as localisation, which the paper leaves to the shallow model.',
  });
}

/** The shallow model alone; the largest value of its map is then the graph's own detection. */
function shallowFrom(dual: GraphDocument): GraphDocument {
  const { nodes } = dual;
  const alone = adding(
    without(dual, [...ofDeep, ...ofBoth, 'shallow-max']),
    { detection: { ...nodes['detection']!, at: [3300, 530] } },
    { 'detection.score': 'maximum-shallow.score' },
  );
  return about(alone, {
    name: 'Shallow model',
    description:
      'The shallow model alone: ResNet18 as teacher and a reduced student. Its smoothed map is the localisation, the ' +
      'largest value of it the detection.',
  });
}

function lite0From(deepOnly: GraphDocument): GraphDocument {
  const teacher = { ...deepOnly.nodes['teacher-deep']!, type: 'teacher/efficientnet-lite0' };
  return about(setting(replacing(deepOnly, { 'teacher-deep': teacher }), { normalise: { preset: 'lite0' } }), {
    name: 'Deep model, EfficientNet-Lite0',
    description:
      'The deep model with EfficientNet-Lite0 as teacher, whose ImageNet weights need no download from a model hub, ' +
      'and its normalisation of the input.',
  });
}

function mirrorFrom(deepOnly: GraphDocument): GraphDocument {
  const { title, params } = deepOnly.nodes['student-deep']!;
  const mirror = {
    type: 'student/efficientnet-b0-mirror',
    version: 1,
    ...(title ? { title } : {}),
    params: { stages: params!['stages'] },
  };
  return replacing(deepOnly, { 'student-deep': mirror });
}

/** One of student and modules: its map is then the deep map. */
function partFrom(
  deepOnly: GraphDocument,
  others: readonly string[],
  itsOwnScore: readonly string[],
  map: string,
): GraphDocument {
  const part = without(deepOnly, [...others, ...itsOwnScore, 'map-deep', 'smooth-deep', 'localisation']);
  return localised(adding(part, {}, { 'maximum-deep.map': `${map}.map` }), map);
}

/** Gives a graph a localisation from one of its maps, smoothed as the shallow model's. */
function localised(document: GraphDocument, map: string): GraphDocument {
  return adding(
    document,
    {
      'smooth-deep': { type: 'scoring/smooth', version: 1, title: 'Smooth deep map', params: { sigma: 4 }, at: [3010, -25] },
      localisation: { type: 'evaluation/localisation', version: 1, params: { name: 'localisation' }, at: [3300, -25] },
    },
    { 'smooth-deep.map': `${map}.map`, 'localisation.map': 'smooth-deep.map' },
  );
}

/**
 * Table 8. MSE is read as the squared difference of raw features. A student held to directions only has no reason to
 * match magnitudes, so where raw features are scored they are also what is fitted.
 */
function scorings(deepOnly: GraphDocument): Record<string, GraphDocument> {
  const forms = { mse: 'mse', cosine: 'cosine' } as const;
  const operations = { add: 'sum', multiply: 'product' } as const;
  const graphs = Object.entries(forms).flatMap(([form, distance]) =>
    Object.entries(operations).map(([verb, operation]): [string, GraphDocument] => {
      const maps = ['kd-stage5', 'kd-stage7', 'ae-stage5', 'ae-stage7'].map((map) => [`distance-${map}`, { form: distance }]);
      const combined = ['map-kd', 'map-ae', 'map-deep'].map((id) => [id, { operation }]);
      const losses = form === 'mse' ? ['loss-student', 'loss-ae'].map((id) => [id, { form: 'mse' }]) : [];
      const scored = setting(deepOnly, Object.fromEntries([...maps, ...combined, ...losses]));
      const said = {
        name: `Deep model, ${form === 'mse' ? 'MSE' : 'cosine'} maps ${verb === 'add' ? 'added' : 'multiplied'}`,
        description:
          form === 'mse'
            ? 'The deep model scored, and therefore also fitted, by the mean squared error of raw features.'
            : 'The deep model scored by the cosine of features.',
        cite: `Thomine & Snoussi 2024, Table 8 (${form === 'mse' ? 'MSE' : 'cosine'}, ${verb})`,
      };
      return [`ablations/scoring-${form}-${verb}.json`, about(scored, said, 1)];
    }),
  );
  return Object.fromEntries(graphs);
}
