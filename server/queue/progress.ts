import type { PacedEvent } from './pace.ts';
import { shareOf, type CategoryWork, type WorkPart } from './run-share.ts';

/** Where a run is: what a list shows of it, put together from its events. */
export interface Progress {
  category: string | null;
  /** Of how many categories it is the how-manieth, from 1. */
  index: number;
  total: number;
  /** What the category asks for; null before the first. */
  work: CategoryWork | null;
  /** Of the whole run, 0–1: it only grows. */
  share: number;
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
  work: null,
  share: 0,
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
      return begun(progress, event);
    case 'stage':
      return reached({ ...atStart, ...pick(progress), stage: event.stage, fit: event.node ?? null, nodes: event.nodes }, event.stage === 'fit' ? { fit: event.node ?? '' } : event.stage, 0);
    case 'features':
      return { ...progress, done: event.done, of: event.total };
    case 'calibrating':
    case 'predicting':
    case 'drawing':
      return reached({ ...progress, done: event.done, of: event.total }, partOf[event.type], event.done / event.total);
    case 'step': {
      const { fit, step, steps, epoch, stepsPerSecond, secondsLeft } = event;
      return reached({ ...progress, done: step, of: steps, epoch, stepsPerSecond, secondsLeft }, { fit }, step / steps);
    }
    case 'epoch':
      return reached({ ...progress, epoch: event.epoch, epochs: event.epochs }, { fit: event.fit }, event.epoch / event.epochs);
    case 'fitted':
      return reached(progress, { fit: event.fit }, 1);
    default:
      return progress;
  }
}

const partOf = { calibrating: 'calibrate', predicting: 'predict', drawing: 'draw' } as const;

function begun(progress: Progress, { category, index, total, train, validation, test, fits }: Extract<PacedEvent, { type: 'category' }>): Progress {
  const work = { fits, images: { train, validation, test } };
  return { ...progress, category, index, total, work, share: Math.max(progress.share, (index - 1) / total) };
}

const reached = (progress: Progress, part: WorkPart, done: number): Progress => ({ ...progress, share: shareOf(progress, part, done) });

function pick({ category, index, total, work, share, memory }: Progress): Partial<Progress> {
  return { category, index, total, work, share, memory };
}
