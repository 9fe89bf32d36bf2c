import Boxes from '@lucide/svelte/icons/boxes';
import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import Database from '@lucide/svelte/icons/database';
import Flame from '@lucide/svelte/icons/flame';
import FoldHorizontal from '@lucide/svelte/icons/fold-horizontal';
import Gauge from '@lucide/svelte/icons/gauge';
import GraduationCap from '@lucide/svelte/icons/graduation-cap';
import Puzzle from '@lucide/svelte/icons/puzzle';
import Scale from '@lucide/svelte/icons/scale';
import School from '@lucide/svelte/icons/school';
import type { Component } from 'svelte';

export interface Look {
  icon: Component<{ id?: string; size?: number }>;
  /** Token of its colour. */
  colour: string;
}

/** How categories of nodes are told apart; those of plugins that name one of their own look alike. */
const looks: Record<string, Look> = {
  data: { icon: Database, colour: '--type-images' },
  teachers: { icon: School, colour: '--type-weights' },
  students: { icon: GraduationCap, colour: '--type-features' },
  autoencoders: { icon: FoldHorizontal, colour: '--type-features' },
  distillation: { icon: Scale, colour: '--type-loss' },
  training: { icon: Flame, colour: '--type-loss' },
  scoring: { icon: Gauge, colour: '--type-map' },
  evaluation: { icon: ChartNoAxesColumn, colour: '--type-score' },
  'sub-graph': { icon: Boxes, colour: '--accent' },
};
const otherLook: Look = { icon: Puzzle, colour: '--line-strong' };

export const lookOf = (category: string): Look => (Object.hasOwn(looks, category) ? looks[category]! : otherLook);

/** Every look, by the id under which its icon is drawn once to be used by many. */
export const iconIds: readonly (readonly [string, Look])[] = [...Object.keys(looks), 'other'].map((category) => [iconId(category), lookOf(category)]);

export function iconId(category: string): string {
  return `icon-${Object.hasOwn(looks, category) ? category : 'other'}`;
}
