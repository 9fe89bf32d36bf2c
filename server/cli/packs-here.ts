import { openPacks, type OpenedPacks } from '../plugins/open-packs.ts';
import { writeProblem } from './output.ts';

/** The node packs of a command, those of plugins among them; a plugin that has to be left out is told. */
export async function packsHere(): Promise<Omit<OpenedPacks, 'problems'>> {
  const { problems, ...opened } = await openPacks();
  problems.forEach(writeProblem);
  return opened;
}
