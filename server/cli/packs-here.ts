import { openPacks, type OpenedPacks } from '../plugins/open-packs.ts';
import { writeProblem } from './output.ts';

/** The node packs of a command, those of plugins among them, and of the plugins in these folders; one that has to be left out is told. */
export async function packsHere(folders: readonly string[] = []): Promise<Omit<OpenedPacks, 'problems'>> {
  const { problems, ...opened } = await openPacks(folders);
  problems.forEach(writeProblem);
  return opened;
}
