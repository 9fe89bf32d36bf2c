import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { Registry } from '../graph/registry.ts';
import { check, type Checked } from './check.ts';
import { cut } from './cut.ts';
import type { Plan } from './plan.ts';
import { share } from './share.ts';

export interface Compiled {
  plan: Plan;
  /** What does not keep the graph from running but should be known. */
  warnings: Problem[];
}

/** A document, cut into its three programs. Throws one error that carries every problem found. */
export function compile(document: GraphDocument, registry: Registry): Compiled {
  return compileChecked(check(document, registry));
}

/** Likewise, of a document that has been checked. */
export function compileChecked(checked: Checked): Compiled {
  const errors = checked.problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first) {
    const { code, message, severity: _severity, hint, ...place } = first;
    const rest = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
    throw new StillroomError(code, message + rest, {
      ...place,
      ...(hint ? { hint } : {}),
      problems: errors,
    });
  }
  const { plan, warnings } = cut(share(checked.nodes.values()), checked.registry);
  return { plan, warnings: [...checked.problems, ...warnings] };
}
