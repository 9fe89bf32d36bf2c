import { formatProblem, StillroomError, type Pack } from '../../plugins/sdk/index.ts';
import { createRegistry } from '../graph/registry.ts';
import { openBackend } from './backend.ts';
import { extensionChecks } from './check-extensions.ts';
import { checkNode, type NodeOptions, type NodeReport } from './check-node.ts';
import { checkExporters } from './check-exporters.ts';
import { checkSocketTypes } from './check-socket-types.ts';
import { reasonOf, type Finding } from './finding.ts';

export interface CheckOptions extends NodeOptions {
  /** Name of the npm package, which its node types begin with. */
  plugin?: string;
  /** `cpu`: tfjs's backend in plain JavaScript even where there is an engine. */
  engine?: 'any' | 'cpu';
}

export interface PackReport {
  pack: string;
  /** What the nodes were run on: `TensorFlow 2.18.0`, `tfjs 4.22.0 (cpu)`. */
  ranOn: string;
  nodes: NodeReport[];
  /** Of the pack, of all its nodes and of what it brings beside them; none where it conforms. */
  findings: Finding[];
}

/**
 * Holds every node of a pack, and its layouts, readers, optimisers and schedules, to the rules that Stillroom counts on,
 * over generated parameters, inputs, weights and folders.
 * Takes seconds. Whatever the pack does wrong is a finding; only a missing or broken engine is thrown.
 */
export async function checkPack(pack: Pack, options: CheckOptions = {}): Promise<PackReport> {
  const backend = await openBackend(options.engine ? { engine: options.engine } : {});
  const nodes = pack.nodes.map((definition) => checkNode(definition, backend, options));
  const others = await Promise.all(extensionChecks(pack, options.seed).map(({ check }) => check(backend)));
  const findings = [...checkTogether(pack, options.plugin), ...(await checkExporters(pack, options.plugin)), ...nodes.flatMap((node) => node.findings), ...others.flat()];
  return { pack: pack.name, ranOn: backend.title, nodes, findings };
}

/** What is about the pack as a whole. */
export function checkTogether(pack: Pack, plugin?: string): Finding[] {
  const findings: Finding[] = [];
  const add = (message: string, hint: string): unknown => findings.push({ rule: 'schema', node: pack.name, message, hint });
  if (!pack.name?.trim()) add('expected a name of the pack, found none', 'name it as its package');
  const types = pack.nodes.map(({ type }) => type);
  if (new Set(types).size < types.length) {
    try {
      createRegistry([pack]);
    } catch (error) {
      add(reasonOf(error), 'give each node a type of its own');
    }
  }
  const { layouts = [], weightReaders = [], optimisers = [], schedules = [] } = pack;
  const others = [...layouts, ...weightReaders, ...optimisers, ...schedules].map(({ name }) => name);
  if (plugin !== undefined) {
    for (const name of others) {
      if (!name.startsWith(`${plugin}/`)) add(`expected the name "${name}" to begin with "${plugin}/"`, 'names of what a plugin brings begin with the name of its package');
    }
    for (const type of types) {
      if (!type.startsWith(`${plugin}/`)) add(`expected the type "${type}" to begin with "${plugin}/"`, 'types of a plugin begin with the name of its package');
    }
  }
  return [...findings, ...checkSocketTypes(pack, plugin)];
}

/** @throws StillroomError `pack-not-conforming` with everything that was found, where that is anything */
export async function assertConforms(pack: Pack, options: CheckOptions = {}): Promise<void> {
  const { findings, ranOn } = await checkPack(pack, options);
  throwFindings(pack.name, findings, ranOn);
}

export function throwFindings(name: string, findings: readonly Finding[], ranOn: string): void {
  if (findings.length === 0) return;
  const problems = findings.map(({ rule, node, message, hint }) => ({ code: rule, severity: 'error' as const, node, message, hint }));
  const lines = findings.map((finding) => `  ${formatFinding(finding)}`);
  throw new StillroomError(
    'pack-not-conforming',
    [`expected "${name}" to conform, found ${findings.length === 1 ? 'one thing' : `${findings.length} things`} wrong (on ${ranOn}):`, ...lines].join('\n'),
    { problems },
  );
}

/** `acme/blur: [promise] map: expected …, found … (bring infer and build together)`. */
export function formatFinding({ rule, node, message, hint }: Finding): string {
  return formatProblem({ code: rule, severity: 'error', node, message: `[${rule}] ${message}`, hint });
}
