import { StillroomError, type Geometry, type Problem } from '../../plugins/sdk/index.ts';
import type { Registry } from '../graph/registry.ts';
import { fitKinds } from './fit-kinds.ts';
import { ancestorsOf, isTrainable, partFor } from './part.ts';
import type {
  CalibrationPlan,
  CalibrationStage,
  FitPlan,
  ImageSource,
  Part,
  Plan,
  PlanNode,
  SinkPlan,
  ValueRef,
} from './plan.ts';

type Nodes = ReadonlyMap<string, PlanNode>;

/**
 * Cuts a graph into what is fitted, what is calibrated and what predicts.
 * Throws a located error for what only the whole graph shows: nothing to predict, a node trained by two fits, a fit by an
 * optimiser that is not there.
 */
export function cut(nodes: Nodes, registry: Registry): { plan: Plan; warnings: Problem[] } {
  const dataset = findDataset(nodes);
  const sources = findSources(nodes);
  refuseMixedTiles(sources);
  const fits = findFits(nodes, registry);
  const predict = findPrediction(nodes, sources);
  return {
    plan: {
      dataset,
      sources,
      nodes,
      fits,
      calibrations: findCalibrations(nodes, predict.part),
      predict,
    },
    warnings: unfitted(predict.part, fits),
  };
}

function findDataset(nodes: Nodes): Plan['dataset'] {
  const [first, second] = [...nodes.values()].filter(({ definition }) => definition.dataset);
  if (!first) {
    throw new StillroomError('no-dataset', 'expected a node that gives images to the graph, found none', {
      hint: 'add a dataset and connect it to a node that decodes its images',
    });
  }
  if (second) {
    throw new StillroomError('several-datasets', `expected one dataset in a graph, found also "${second.id}"`, {
      node: first.id,
      hint: 'use one dataset for all; each fit draws its training and validation images from it',
    });
  }
  return { node: first.id, source: first.definition.dataset!(first.params) };
}

function findSources(nodes: Nodes): ImageSource[] {
  return [...nodes.values()].flatMap((node) => {
    if (!node.definition.geometry) return [];
    const geometry = node.definition.geometry(node.params);
    return Object.entries(node.outputSignals).map(([socket, signal]) => ({
      value: { node: node.id, socket },
      signal,
      geometry,
    }));
  });
}

/** All sources are fed the same views, so where one of them cuts images into tiles the others must cut the same. */
function refuseMixedTiles(sources: readonly ImageSource[]): void {
  const tiled = sources.find(({ geometry }) => geometry.mode === 'tiles');
  const other = tiled && sources.find(({ geometry }) => !isSameGeometry(geometry, tiled.geometry));
  if (!other) return;
  throw new StillroomError(
    'mixed-tiles',
    `expected images that are cut into the same tiles as those of "${tiled.value.node}", found others`,
    { node: other.value.node, hint: 'give both the same parameters: a graph that looks at tiles looks at nothing else' },
  );
}

function isSameGeometry(a: Geometry, b: Geometry): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function findFits(nodes: Nodes, registry: Registry): FitPlan[] {
  const trainedBy = new Map<string, string>();
  const fits = [...nodes.values()].filter(({ definition }) => definition.fit).map((node) => planFit(nodes, node, registry));
  for (const fit of fits) {
    for (const id of fit.trained) {
      const other = trainedBy.get(id);
      if (other !== undefined) {
        throw new StillroomError('trained-twice', `expected one fit to train it, found "${other}" and "${fit.node}"`, {
          node: id,
          hint: 'add both losses into one fit, or give each fit a node of its own',
        });
      }
      trainedBy.set(id, fit.node);
    }
  }
  return fits;
}

function planFit(nodes: Nodes, fit: PlanNode, registry: Registry): FitPlan {
  const losses = Object.entries(fit.inputs)
    .filter(([socket]) => fit.inputSignals[socket]?.type === 'loss')
    .map(([, ref]) => ref);
  const involved = ancestorsOf(nodes, losses);
  const trained = involved.filter(isTrainable).map(({ id }) => id);
  if (trained.length === 0) {
    throw new StillroomError('nothing-to-fit', 'expected a loss that depends on a trainable node, found none', {
      node: fit.id,
      hint: 'connect a student or an autoencoder to the loss',
    });
  }
  refuseCalibrated(fit, involved);
  const cacheable = frozenNetworks(involved);
  const step = partFor(nodes, losses, (node) => cacheable.has(node.id));
  const features = step.inputs.filter(({ node }) => cacheable.has(node));
  const settings = fit.definition.fit!(fit.params);
  return {
    node: fit.id,
    settings,
    ...fitKinds(settings, registry, fit.id),
    trained,
    frozen: features.length ? partFor(nodes, features) : null,
    step,
  };
}

/** Calibration comes after fitting: a loss must not wait for it. */
function refuseCalibrated(fit: PlanNode, involved: readonly PlanNode[]): void {
  const calibrated = involved.find(({ definition }) => definition.calibrate);
  if (!calibrated) return;
  throw new StillroomError(
    'calibrated-in-fit',
    `expected a loss that can be computed before anything is calibrated, found one that depends on "${calibrated.id}"`,
    { node: fit.id, hint: `take what comes before "${calibrated.id}" into the loss` },
  );
}

/**
 * Nodes whose outputs are the same in every epoch and worth keeping: nothing trainable or random above them, and a
 * network with weights among them. What merely prepares images is cheaper to compute again than to keep.
 */
function frozenNetworks(involved: readonly PlanNode[]): Set<string> {
  const byId = new Map(involved.map((node) => [node.id, node]));
  const constant = new Set<string>();
  const worthKeeping = new Set<string>();
  for (const node of involved) {
    const { definition, weights, inputs } = node;
    if (!definition.build) continue;
    const above = Object.values(inputs).map((ref) => ref.node);
    const isConstant =
      !definition.random &&
      weights.every(({ role }) => role === 'frozen') &&
      above.every((id) => constant.has(id) || !byId.get(id)?.definition.build);
    if (!isConstant) continue;
    constant.add(node.id);
    if (weights.length > 0 || above.some((id) => worthKeeping.has(id))) worthKeeping.add(node.id);
  }
  return worthKeeping;
}

function findPrediction(nodes: Nodes, sources: readonly ImageSource[]): Plan['predict'] {
  const sinks: SinkPlan[] = [];
  for (const node of nodes.values()) {
    if (!node.definition.sink) continue;
    const { name, kind } = node.definition.sink(node.params);
    const socket = Object.keys(node.inputs).find((s) => node.inputSignals[s]?.type === kind);
    const value = socket === undefined ? undefined : node.inputs[socket];
    if (!value) continue;
    const twin = sinks.find((s) => s.name === name);
    if (twin) {
      throw new StillroomError('same-name-twice', `expected one result named "${name}", found also "${twin.node.id}"`, {
        node: node.id,
        field: 'name',
        hint: 'name one of them differently',
      });
    }
    sinks.push({ node, name, kind, value, source: sourceOf(nodes, node, value, sources) });
  }
  if (sinks.length === 0) {
    throw new StillroomError('nothing-to-predict', 'expected a score or a map to be reported, found none', {
      hint: 'connect a score or a map to an evaluation node',
    });
  }
  return { part: partFor(nodes, unique(sinks.map(({ value }) => value))), sinks };
}

function sourceOf(nodes: Nodes, sink: PlanNode, value: ValueRef, sources: readonly ImageSource[]): ImageSource {
  const above = new Set(ancestorsOf(nodes, [value]).map(({ id }) => id));
  const [first, ...others] = sources.filter((s) => above.has(s.value.node));
  if (!first) {
    throw new StillroomError('no-images', 'expected a result that depends on images, found none above it', { node: sink.id });
  }
  const other = others.find((o) => !isSameGeometry(o.geometry, first.geometry));
  if (other) {
    throw new StillroomError(
      'mixed-geometry',
      `expected one way of decoding above a result, found "${first.value.node}" and "${other.value.node}"`,
      { node: sink.id, hint: 'give both the same resize and crop' },
    );
  }
  return first;
}

function findCalibrations(nodes: Nodes, predict: Part): CalibrationStage[] {
  const levels = new Map<string, number>();
  const waiting = new Map<number, CalibrationPlan[]>();
  const needed = [...predict.nodes, ...[...nodes.values()].filter(({ definition }) => definition.sink)];
  for (const node of needed) {
    const above = Object.values(node.inputs).map((ref) => levels.get(ref.node) ?? 0);
    const level = Math.max(0, ...above);
    levels.set(node.id, node.definition.calibrate ? level + 1 : level);
    if (!node.definition.calibrate) continue;
    waiting.set(level, [...(waiting.get(level) ?? []), { node, inputs: node.inputs }]);
  }
  return [...waiting.keys()].sort((a, b) => a - b).flatMap((level) => stagesOf(nodes, waiting.get(level)!));
}

function stagesOf(nodes: Nodes, calibrations: readonly CalibrationPlan[]): CalibrationStage[] {
  return (['train', 'validation'] as const).flatMap((images) => {
    const mine = calibrations.filter(({ node }) => node.definition.calibrate!(node.params).images === images);
    if (mine.length === 0) return [];
    const wanted = unique(mine.flatMap(({ inputs }) => Object.values(inputs)));
    return [{ images, calibrations: mine, part: partFor(nodes, wanted) }];
  });
}

function unfitted(predict: Part, fits: readonly FitPlan[]): Problem[] {
  const fitted = new Set(fits.flatMap(({ trained }) => trained));
  return predict.nodes
    .filter((node) => isTrainable(node) && !fitted.has(node.id))
    .map(({ id }) => ({
      code: 'unfitted',
      severity: 'warning',
      node: id,
      message: 'expected a fit to train it before it scores, found none: it keeps its random weights',
      hint: 'connect it to a loss that a fit minimises',
    }));
}

function unique(refs: readonly ValueRef[]): ValueRef[] {
  return [...new Map(refs.map((ref) => [`${ref.node}.${ref.socket}`, ref])).values()];
}
