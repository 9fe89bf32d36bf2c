import type { AnyNodeDefinition, Param, Problem } from '../../plugins/sdk/index.ts';
import { explain } from './explain.ts';
import { didYouMean } from './nearest.ts';

export interface ResolvedParams {
  /** Every parameter of the definition; a default stands in for one that is missing or invalid. */
  values: Record<string, unknown>;
  problems: Omit<Problem, 'node'>[];
  /** Whether every given value is valid. A parameter that the definition does not know is an error too. */
  valid: boolean;
}

/** Checks parameters as a document gives them, and fills in defaults. */
export function resolveParams(definition: AnyNodeDefinition, given: Record<string, unknown> = {}): ResolvedParams {
  const declared = definition.params as Record<string, Param<unknown>>;
  const values: Record<string, unknown> = {};
  const problems: ResolvedParams['problems'] = [];
  for (const [name, param] of Object.entries(declared)) {
    values[name] = param.default;
    if (!Object.hasOwn(given, name)) continue;
    const result = param.schema.safeParse(given[name]);
    if (result.success) values[name] = result.data;
    else {
      for (const { path, message, hint } of explain(result.error, given[name])) {
        const field = [name, ...path].join(' › ');
        problems.push({ code: 'invalid-parameter', severity: 'error', field, message: withUnit(message, param), ...(hint ? { hint } : {}) });
      }
    }
  }
  for (const name of Object.keys(given).sort()) {
    if (Object.hasOwn(declared, name)) continue;
    const names = Object.keys(declared);
    problems.push({
      code: 'unknown-parameter',
      severity: 'error',
      field: name,
      message: `expected a parameter of "${definition.type}", found "${name}"`,
      hint: didYouMean(name, names, names.length ? `there are: ${names.join(', ')}` : 'it has none'),
    });
  }
  return { values, problems, valid: problems.length === 0 };
}

/** `expected at least 1, found 0` → `expected at least 1 px, found 0`. */
function withUnit(message: string, { control }: Param<unknown>): string {
  const unit = 'unit' in control ? control.unit : undefined;
  return unit ? message.replace(/^(expected at (?:least|most) [\d.e+-]+)/, `$1 ${unit}`) : message;
}
