import type { Pack } from '../sdk/index.ts';
import { efficientNetB0 } from './efficientnet-b0.ts';
import { efficientNetLite0 } from './efficientnet-lite0.ts';
import { resnet18 } from './resnet18.ts';
import { socketTypes } from './socket-types.ts';
import { teacherWeights } from './weights.ts';

const backbones = [resnet18, efficientNetB0, efficientNetLite0];

/** Frozen backbones, their trainable mirrors, and the weights that can be had for them. */
export const pack: Pack = {
  name: 'teachers',
  nodes: backbones.flatMap(({ teacher, mirror }) => [teacher, mirror]),
  architectures: backbones.map(({ architecture }) => architecture),
  weights: teacherWeights,
  socketTypes,
};
