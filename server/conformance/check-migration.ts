import { isDeepStrictEqual } from 'node:util';
import type { AnyNodeDefinition } from '../../plugins/sdk/index.ts';
import { describeValue } from '../graph/explain.ts';
import { migrateNode } from '../graph/migrate.ts';
import { resolveParams } from '../graph/params.ts';
import { reasonOf, type Findings } from './finding.ts';
import { whatIsNotPlain } from './plain-data.ts';

/** Parameters as a graph of an older version has them. */
export interface OlderParams {
  version: number;
  params: Record<string, unknown>;
}

/**
 * The chain of migrations: of a node that had all its defaults left out, as graphs may have them, and of what the author
 * gives of older versions. Nodes whose parameters carry today's names must come through without an exception.
 */
export function checkMigrations(definition: AnyNodeDefinition, older: readonly OlderParams[], findings: Findings): void {
  const { version, migrate = {} } = definition;
  for (let v = 1; v < version; v++) {
    if (typeof migrate[v] !== 'function') {
      findings.add('migration', `expected a migration from version ${v} to ${v + 1}, found none`, `write \`migrate: { ${v}: (params) => … }\`; where nothing has to change, give the parameters back`, `missing ${v}`);
    }
  }
  const useless = Object.keys(migrate).filter((v) => !(Number(v) >= 1 && Number(v) < version));
  if (useless.length) {
    findings.add('migration', `expected migrations of versions before ${version}, found one of ${useless.join(', ')}`, 'raise `version`, or remove the migration', 'useless');
  }
  if (findings.has('migration')) return;
  const defaults = resolveParams(definition).values;
  const isPlain = whatIsNotPlain(defaults) === undefined;
  for (let v = 1; v < version; v++) {
    migrated(definition, { version: v, params: {} }, findings, true);
    if (isPlain) migrated(definition, { version: v, params: defaults }, findings, false);
  }
  for (const params of older) migrated(definition, params, findings, true);
}

function migrated(definition: AnyNodeDefinition, { version, params }: OlderParams, findings: Findings, mustBeValid: boolean): void {
  const given = structuredClone(params);
  const of = `${describeValue(JSON.stringify(params))} of version ${version}`;
  const { node, problem } = migrateNode({ type: definition.type, version, params: given }, definition);
  if (problem) return findings.add('migration', `expected to bring ${of} to ${definition.version}, found that it fails: ${reasonOf(problem.message)}`, 'graphs may leave any parameter out: let the migration leave it out too', 'throws');
  if (!isDeepStrictEqual(given, params)) {
    findings.add('migration', `expected a migration to leave what it is given alone, found ${of} changed`, 'make a new object: `({ old, ...rest }) => ({ ...rest, new: old })`', 'changes');
  }
  const result: unknown = node.params;
  const wrong = typeof result === 'object' && result !== null ? whatIsNotPlain(result) : 'it is no object';
  if (wrong) return findings.add('migration', `expected parameters for ${of}, found that ${wrong}`, 'give plain data back', 'not plain');
  if (!mustBeValid) return;
  for (const { field = '', message } of resolveParams(definition, node.params).problems) {
    findings.add('migration', `expected valid parameters for ${of}, found of "${field}": ${message}`, 'give only parameters that this version has, within their bounds', `invalid ${field}`);
  }
}
