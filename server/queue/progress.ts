import type { PacedEvent } from './pace.ts';

/** Where a run is: what a list shows of it, put together from its events. */
export interface Progress {
  category: string | null;
  /** Of how many categories it is the how-manieth, from 1. */
  index: number;
  total: number;
  stage: 'preparing' | 'reading' | 'fit' | 'calibrate' | 'predict';
  /** The `Fit` node at work. */
  fit: string | null;
  /** Nodes at work. */
  nodes: string[];
  epoch: number;
  epochs: number;
  /** What is counted now: steps, images. */
  done: number;
  of: number;
  stepsPerSecond: number | null;
  /** Until the fit has run all its epochs. */
  secondsLeft: number | null;
  /** Resident memory of its process, bytes. */
  memory: number;
}

export const atStart: Progress = {
  category: null,
  index: 0,
  total: 0,
  stage: 'preparing',
  fit: null,
  nodes: [],
  epoch: 0,
  epochs: 0,
  done: 0,
  of: 0,
  stepsPerSecond: null,
  secondsLeft: null,
  memory: 0,
};

export function advance(progress: Progress, event: PacedEvent): Progress {
  switch (event.type) {
    case 'preparing':
      return { ...progress, stage: 'preparing', done: event.done, of: event.total ?? 0 };
    case 'reading':
      return { ...progress, stage: 'reading', done: event.done, of: event.total };
    case 'category':
      return { ...progress, category: event.category, index: event.index, total: event.total };
    case 'stage':
      return { ...atStart, ...pick(progress), stage: event.stage, fit: event.node ?? null, nodes: event.nodes };
    case 'features':
    case 'calibrating':
    case 'predicting':
    case 'drawing':
      return { ...progress, done: event.done, of: event.total };
    case 'step': {
      const { step, steps, epoch, stepsPerSecond, secondsLeft } = event;
      return { ...progress, done: step, of: steps, epoch, stepsPerSecond, secondsLeft };
    }
    case 'epoch':
      return { ...progress, epoch: event.epoch, epochs: event.epochs };
    default:
      return progress;
  }
}

function pick({ category, index, total, memory }: Progress): Partial<Progress> {
  return { category, index, total, memory };
}
