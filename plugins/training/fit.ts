import { choice, defineNode, integer, loss, number, weights, type FitSettings } from '../sdk/index.ts';

/** Fits every trainable node that its loss depends on, apart from any other fit of the graph. */
export const fit = defineNode({
  type: 'training/fit',
  version: 1,
  title: 'Fit',
  summary:
    'Minimises a loss over the normal training images, moving every trainable weight the loss depends on. ' +
    'The authors\' later preset: Adam with β₁ 0.5, rate 0.0004, one-cycle with peak 10, 50 epochs.',
  category: 'training',
  cite: 'Thomine & Snoussi 2024, §4 (Adam, 0.005, reduce on plateau, 100 epochs, batch 8)',
  params: {
    epochs: integer({ default: 100, min: 1, max: 100_000, help: 'Passes over the training images.' }),
    batch: integer({
      default: 8,
      min: 1,
      max: 1024,
      unit: 'images',
      help: 'Images in a step; a last, shorter batch of an epoch is left out.',
    }),
    optimiser: choice({
      default: 'adam',
      options: { adam: 'Adam', adamw: 'AdamW', sgd: 'SGD' },
      help: 'How a gradient moves a weight.',
    }),
    learningRate: number({ default: 0.005, min: 0, max: 10, step: 0.0001, help: 'Learning rate at the start.' }),
    beta1: number({ default: 0.9, min: 0, max: 0.9999, step: 0.01, help: 'Decay of the mean gradient; Adam, AdamW.' }),
    beta2: number({ default: 0.999, min: 0, max: 0.999999, step: 0.001, help: 'Decay of the mean square; Adam, AdamW.' }),
    epsilon: number({ default: 1e-8, min: 1e-12, max: 1, help: 'Added to the root of the mean square; Adam, AdamW.' }),
    momentum: number({ default: 0.9, min: 0, max: 0.9999, step: 0.01, help: 'Share of the last step that goes on; SGD.' }),
    weightDecay: number({ default: 0, min: 0, max: 1, step: 0.0001, help: 'Pull of the weights to zero; AdamW, SGD.' }),
    schedule: choice({
      default: 'plateau',
      options: { plateau: 'reduce on plateau', 'one-cycle': 'one-cycle', constant: 'constant' },
      help: 'How the learning rate moves during the fit.',
    }),
    plateauFactor: number({
      default: 0.1,
      min: 0.0001,
      max: 1,
      step: 0.05,
      help: 'What the rate is multiplied by at a plateau (not given in the paper).',
    }),
    plateauPatience: integer({
      default: 10,
      min: 0,
      max: 10_000,
      unit: 'epochs',
      help: 'Epochs without a lower validation loss that make a plateau (not given in the paper).',
    }),
    plateauMinimum: number({ default: 0, min: 0, max: 1, help: 'The rate is not reduced below it.' }),
    oneCyclePeak: number({ default: 10, min: 1, max: 1000, help: 'Highest rate, as a multiple of `learningRate`.' }),
    oneCycleWarmUp: number({ default: 0.3, min: 0, max: 1, step: 0.05, help: 'Share of the fit that the rate rises.' }),
    keep: choice({
      default: 'best',
      options: { best: 'lowest validation loss', last: 'last epoch' },
      help: 'Whose weights are kept.',
    }),
    earlyStop: integer({
      default: 0,
      min: 0,
      max: 10_000,
      unit: 'epochs',
      help: 'Stops after so many epochs without a lower validation loss; 0 never.',
    }),
  },
  inputs: { loss: loss() },
  outputs: { weights: weights() },
  infer: () => ({ weights: { type: 'weights', shape: [] } }),
  fit: (params) => ({
    optimiser: optimiserOf(params),
    learningRate: params.learningRate,
    schedule: scheduleOf(params),
    epochs: params.epochs,
    batch: params.batch,
    keep: params.keep,
    earlyStop: params.earlyStop,
  }),
});

function optimiserOf(params: {
  optimiser: 'adam' | 'adamw' | 'sgd';
  beta1: number;
  beta2: number;
  epsilon: number;
  momentum: number;
  weightDecay: number;
}): FitSettings['optimiser'] {
  const { optimiser: kind, beta1, beta2, epsilon, momentum, weightDecay } = params;
  switch (kind) {
    case 'adam':
      return { kind, beta1, beta2, epsilon };
    case 'adamw':
      return { kind, beta1, beta2, epsilon, weightDecay };
    case 'sgd':
      return { kind, momentum, weightDecay };
  }
}

function scheduleOf(params: {
  schedule: 'plateau' | 'one-cycle' | 'constant';
  plateauFactor: number;
  plateauPatience: number;
  plateauMinimum: number;
  oneCyclePeak: number;
  oneCycleWarmUp: number;
}): FitSettings['schedule'] {
  switch (params.schedule) {
    case 'plateau':
      return {
        kind: 'plateau',
        factor: params.plateauFactor,
        patience: params.plateauPatience,
        minimum: params.plateauMinimum,
      };
    case 'one-cycle':
      return { kind: 'one-cycle', peak: params.oneCyclePeak, warmUp: params.oneCycleWarmUp };
    case 'constant':
      return { kind: 'constant' };
  }
}
