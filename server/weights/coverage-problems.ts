import type { Problem } from '../../plugins/sdk/problem.ts';
import type { Coverage } from './import.ts';
import { listNames } from './key-map.ts';

/** What of a file was not used or not found, as warnings that name the tensors. A file that `reaches` to a stage is whole as far as it goes. */
export function coverageProblems({ missing, unused, reaches = null }: Pick<Coverage, 'missing' | 'unused'> & { reaches?: string | null }, file: string): Problem[] {
  const tensors = (n: number): string => `${n} ${n === 1 ? 'tensor' : 'tensors'}`;
  const problems: Problem[] = [];
  if (unused.length > 0) {
    problems.push({
      code: 'weights-not-used',
      severity: 'warning',
      file,
      message: `expected tensors of the network, found ${tensors(unused.length)} that it has no use for: ${listNames(unused, 12)}`,
      hint: 'see that the file is of this architecture and no other',
    });
  }
  if (missing.length > 0 && reaches === null) {
    problems.push({
      code: 'weights-not-whole',
      severity: 'warning',
      file,
      message: `expected the whole network, found none of ${tensors(missing.length)}: ${listNames(missing, 12)}`,
      hint: 'choose stages that the file covers',
    });
  }
  return problems;
}
