import type { Renewed } from '../plugins/plugins.ts';
import { coloursOf } from './colours.ts';
import { writeProblem } from './output.ts';

/** Says in the terminal what came of a plugin that was built anew. */
export function tellOfRenewed({ plugin: { name, package: found, packs }, problem, milliseconds }: Renewed): void {
  if (problem) return writeProblem(problem);
  const nodes = packs.flatMap((pack) => pack.nodes).length;
  process.stderr.write(`${coloursOf(process.stderr).green('loaded')}: ${name} ${found?.version ?? ''}, ${nodes} node ${nodes === 1 ? 'type' : 'types'}, in ${(milliseconds / 1000).toFixed(1)} s\n`);
}
