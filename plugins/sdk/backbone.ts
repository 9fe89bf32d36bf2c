import type { Net, NetSettings } from './net.ts';
import { fromNetwork, type Network } from './network.ts';
import { defineNode, type NodeDefinition, type Signals } from './node.ts';
import type { Architecture, KeyMap } from './pack.ts';
import { pretrainedWeights, stages, type Param, type Params, type ParamValues } from './params.ts';
import { features, images, type InferContext, type Sockets } from './signal.ts';

/** One stage of a backbone: from what the stage before it gives (the images, for the first) to its own features. */
export interface BackboneStage<S extends string> {
  name: S;
  /** What a person chooses by: `stage 5: 112 channels, /16`. */
  title: string;
  forward<X>(net: Net<X>, x: X): X;
}

/** A convolutional backbone, written once; the frozen teacher and its trainable mirror follow from it. */
export interface BackboneSpec<S extends string> {
  /** Name of the architecture, as `--weights NAME=…` has it: `resnet18`. */
  name: string;
  /** `ResNet18`. */
  title: string;
  cite: string;
  /** As its pretrained weights were trained. */
  settings: Pick<NetSettings, 'padding' | 'epsilon'>;
  /** From the image inwards. */
  stages: readonly BackboneStage<S>[];
  /** The teacher's and the mirror's stages where a graph does not say. */
  defaultStages: readonly NoInfer<S>[];
  keyMaps: readonly KeyMap[];
  /** Types of the nodes; a third party's begin with its package. `teacher/<name>`, `student/<name>-mirror` if absent. */
  types?: { teacher: string; mirror: string };
}

interface MirrorParams<S extends string> extends Params {
  stages: Param<readonly S[]>;
}

interface TeacherParams<S extends string> extends MirrorParams<S> {
  weights: Param<string>;
}

export interface Backbone<S extends string> {
  architecture: Architecture;
  /** Frozen, with pretrained weights. Input `images` `[H, W, 3]`, already normalised; one `features` output a stage. */
  teacher: NodeDefinition<TeacherParams<S>>;
  /** The same network, trainable from random weights. */
  mirror: NodeDefinition<MirrorParams<S>>;
}

/** Makes a teacher, its mirror student and the architecture that weights are registered for from one network. */
export function backbone<const S extends string>(spec: BackboneSpec<S>): Backbone<S> {
  const { name, title, cite, keyMaps } = spec;
  const stageParam = stages({
    default: spec.defaultStages,
    options: Object.fromEntries(spec.stages.map((stage) => [stage.name, stage.title])) as Record<S, string>,
    help: 'The stages whose features are given; only what the deepest of them needs is computed.',
  });
  const shared = {
    version: 1,
    cite,
    inputs: { images: images() },
    outputs: (params: { stages: readonly S[] }): Sockets =>
      Object.fromEntries(params.stages.map((stage) => [stage, features()])),
  };
  const teacherParams: TeacherParams<S> = {
    stages: stageParam,
    weights: pretrainedWeights({
      default: '',
      architecture: name,
      help: 'Name of registered weights; empty for the default ones.',
    }),
  };
  const mirrorParams: MirrorParams<S> = { stages: stageParam };
  const frozen = fromNetwork(network<S, TeacherParams<S>>(spec, false));
  return {
    architecture: {
      name,
      title,
      padding: spec.settings.padding,
      keyMaps,
      weights: () => frozen.weights(someImages, { stages: spec.stages.slice(-1).map((stage) => stage.name), weights: '' }),
    },
    teacher: defineNode<TeacherParams<S>>({
      ...shared,
      type: spec.types?.teacher ?? `teacher/${name}`,
      title: `${title} teacher`,
      summary: `${title} with pretrained weights, frozen. Gives the features of the chosen stages.`,
      category: 'teachers',
      params: teacherParams,
      ...colourOnly(frozen),
      pretrained: (params) => ({ architecture: name, weights: params.weights }),
    }),
    mirror: defineNode<MirrorParams<S>>({
      ...shared,
      type: spec.types?.mirror ?? `student/${name}-mirror`,
      title: `${title} mirror student`,
      summary: `${title} with random weights, trained to give its teacher's features.`,
      category: 'students',
      params: mirrorParams,
      ...colourOnly(fromNetwork(network<S, MirrorParams<S>>(spec, true))),
    }),
  };
}

/** Weights do not depend on the size of the images. */
const someImages: Signals = { images: { type: 'images', shape: [224, 224, 3] } };

function network<S extends string, P extends MirrorParams<S>>(spec: BackboneSpec<S>, trainable: boolean): Network<P> {
  return {
    settings: () => ({ ...spec.settings, momentum: 0.9, trainable }),
    forward<X>(net: Net<X>, inputs: Record<string, X>, params: ParamValues<P>): Record<string, X> {
      const wanted = new Set<string>(params.stages as readonly S[]);
      const found: Record<string, X> = {};
      let x = inputs['images'] as X;
      for (const stage of spec.stages) {
        if (wanted.size === 0) break;
        x = stage.forward(net, x);
        if (wanted.delete(stage.name)) found[stage.name] = x;
      }
      return found;
    },
  };
}

/** Refuses images of another depth than the three channels that a backbone's first convolution takes. */
function colourOnly<N extends { infer: (inputs: Signals, params: never, ctx: InferContext) => Signals }>(node: N): N {
  return {
    ...node,
    infer(inputs: Signals, params: never, ctx: InferContext): Signals {
      const channels = inputs['images']!.shape[2];
      if (channels === 3) return node.infer(inputs, params, ctx);
      ctx.problem({
        code: 'wrong-channels',
        socket: 'images',
        message: `expected images with 3 channels, found ${channels}`,
        hint: 'connect preprocessed colour images',
      });
      return {};
    },
  };
}
