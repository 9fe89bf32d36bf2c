import { cpus, platform, release, arch } from 'node:os';
import { createHash } from 'node:crypto';
import type { FitSettings, Problem } from '../../plugins/sdk/index.ts';

/** Which weights filled a frozen node. */
export interface UsedWeights {
  node: string;
  architecture: string;
  name: string;
  sha256: string;
  licence: string | null;
  /** What they permit one to conclude, where that is limited. */
  caution: string | null;
}

/** Everything that a result depends on, and what it took. */
export interface Manifest {
  stillroom: string;
  status: 'running' | 'done' | 'failed' | 'cancelled';
  /** When its first process began. */
  started: string;
  /** When each further process began that went on with it. */
  resumed: string[];
  ended: string | null;
  /** Why it failed or was cancelled. */
  problem: Problem | null;
  /** Equal for runs that must give the same result; a folder holds runs of one identity. */
  identity: string;
  /** `requires`: versions of the plugins that its node types, optimisers and schedules come from, by name. */
  graph: { name: string; logic: string; requires?: Record<string, string> };
  /** How each fit fits, by the id of its node; absent in manifests of older versions. */
  fits?: Record<string, FitSettings>;
  overrides: { epochs: number | null; set: Record<string, unknown>; weights: Record<string, string> };
  seed: number;
  data: {
    root: string;
    layout: string;
    sha256: string;
    /** Pictures that were made by a program, not taken of a thing. */
    generated: boolean;
    categories: Record<string, { train: number; validation: number; test: number; anomalous: number }>;
    /** Share of each resized image that the geometry leaves out, 0–1, by result. */
    uninspected: Record<string, number>;
  };
  weights: UsedWeights[];
  engine: { version: string; source: string; device: string; mode: 'native' | 'eager' };
  machine: { node: string; platform: string; processor: string; cores: number };
  warnings: Problem[];
  /** Seconds, by category and stage. */
  timings: Record<string, { fit: number; calibrate: number; predict: number }>;
}

/** The time now; `earliest` where the clock was set back since, so that what a manifest tells stays in its order. */
export function timestamp(earliest = ''): string {
  const now = new Date().toISOString();
  return now < earliest ? earliest : now;
}

export function describeMachine(): Manifest['machine'] {
  const cores = cpus();
  return {
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    processor: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
  };
}

/** A hash over what decides a result: logic, data, weights, seed, overrides, engine and code. */
export function identityOfRun(parts: {
  logic: string;
  data: string;
  weights: readonly UsedWeights[];
  seed: number;
  epochs: number | null;
  engine: string;
  /** Of the code that decides the result. */
  code: string;
}): string {
  const { weights, ...rest } = parts;
  const content = JSON.stringify([
    Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)),
    weights.map(({ node, sha256 }) => [node, sha256]),
  ]);
  return createHash('sha256').update(content).digest('hex');
}
