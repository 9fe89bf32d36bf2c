import { StillroomError, type Exporter, type Pack } from '../../plugins/sdk/index.ts';
import { didYouMean } from '../graph/nearest.ts';

export const exportersIn = (packs: readonly Pack[]): Exporter[] => packs.flatMap(({ exporters = [] }) => exporters);

/** Throws `no-exporter`. */
export function exporterNamed(packs: readonly Pack[], name: string): Exporter {
  const exporters = exportersIn(packs);
  const found = exporters.find((one) => one.name === name);
  if (found) return found;
  throw new StillroomError('no-exporter', `expected the name of an exporter, found ${JSON.stringify(name.slice(0, 214))}`, {
    hint: didYouMean(name, exporters.map((one) => one.name), '`stillroom export --list` lists them'),
  });
}
