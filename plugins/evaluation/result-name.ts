import { text, type InferContext, type Param } from '../sdk/index.ts';

/** The parameter that names a result. */
export function resultName(standard: string): Param<string> {
  return text({
    default: standard,
    help: `What the result is called in reports; "${standard}" is the graph's own, others stand beside it.`,
  });
}

/** Names become columns of tables and parts of file names. */
export function checkResultName(name: string, ctx: InferContext): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._+-]*$/u.test(name)) return;
  ctx.problem({
    code: 'invalid-parameter',
    field: 'name',
    message: `expected a name of letters, digits, spaces and . _ + -, found "${name}"`,
    hint: 'name the result by what it measures: "deep KD"',
  });
}
