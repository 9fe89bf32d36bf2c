import type { Pack } from 'stillroom/sdk';
import { weights } from './weights.ts';
import { wideResnet50 } from './wide-resnet50.ts';

const { teacher, mirror, architecture } = wideResnet50;

/** WideResNet50-2, frozen as a teacher and trainable as its mirror, and where its weights are had. */
export const pack: Pack = { name: 'wide-resnet50', nodes: [teacher, mirror], architectures: [architecture], weights };
