import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { RunEvent } from '../../runtime/events.ts';
import { looksAtTestLabels } from '../metric-titles.ts';
import { chooseExamples } from '../report/examples.ts';
import type { RunFolder } from '../run-folder.ts';
import { shownResult, type CategoryRecord, type RunRecord } from '../run-record.ts';
import type { Event, SummaryValue } from './event.ts';
import { EventFile } from './event-file.ts';

/** Pictures of each kind, of each category. */
const mostPictures = 2;

/**
 * The events of a run as TensorBoard reads them: the graph in the run folder, losses and rates of each category in its
 * `events` as they come, and figures and pictures when all is done. A run that goes on writes all anew, as the log does.
 */
export class TensorboardLog {
  readonly #folder: RunFolder;
  readonly #files = new Map<string, Promise<EventFile>>();
  #written: Promise<void>;

  /** `graph` is an encoded GraphDef. */
  constructor(folder: RunFolder, graph: Uint8Array) {
    this.#folder = folder;
    this.#written = EventFile.begin(folder.path).then((file) => file.append([{ graphDef: graph }]));
    this.#written.catch(() => undefined);
  }

  add(event: RunEvent): void {
    if (event.type !== 'epoch') return;
    const { category, fit, epoch, trainLoss, validationLoss, rate } = event;
    this.#append(category, [
      scalars(epoch, { [`loss/${fit}/training`]: trainLoss, [`loss/${fit}/validation`]: validationLoss, [`learning_rate/${fit}`]: rate }),
    ]);
  }

  /** Adds what a finished run has found: each metric of each result, and images with their maps. */
  async finish({ categories }: RunRecord): Promise<void> {
    for (const category of categories) {
      // At the last epoch, where the losses end.
      const step = Math.max(0, ...category.fits.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch)));
      const figures = Object.entries(category.reports ?? {}).flatMap(([result, { metrics }]) =>
        Object.entries(metrics).flatMap(([metric, value]) => (value === null ? [] : [[`${result}/${tagOf(metric)}`, value] as const])),
      );
      const images = await pictures(category);
      this.#append(category.name, [scalars(step, Object.fromEntries(figures)), { step, summary: { value: images } }]);
    }
    await this.settle();
  }

  /** Waits until all is written. Throws what went wrong: `cannot-write`. */
  async settle(): Promise<void> {
    await this.#written;
  }

  #append(category: string, events: readonly Event[]): void {
    this.#written = this.#written.then(async () => {
      this.#folder.mustBeOurs();
      const known = this.#files.get(category) ?? EventFile.begin(this.#folder.categoryFile(category, 'events'));
      this.#files.set(category, known);
      await (await known).append(events);
    });
    this.#written.catch(() => undefined);
  }
}

/** Tags keep the metrics' own names, but for what must be known wherever one is shown. */
function tagOf(metric: string): string {
  return looksAtTestLabels(metric) ? `${metric} (looks at test labels)` : metric;
}

function scalars(step: number, values: Record<string, number>): Event {
  return { step, summary: { value: Object.entries(values).map(([tag, simpleValue]) => ({ tag, simpleValue })) } };
}

async function pictures(category: CategoryRecord): Promise<SummaryValue[]> {
  const result = shownResult(category);
  if (!category.scores || result === null) return [];
  const threshold = category.reports?.[result]?.metrics['threshold'] ?? null;
  const values: SummaryValue[] = [];
  for (const { title, images } of chooseExamples(category.scores, result, threshold, mostPictures)) {
    for (const { file } of images) {
      const map = category.maps.get(file);
      if (map === undefined) continue;
      const png = await readFile(map);
      const { width, height } = await sharp(png).metadata();
      values.push({ tag: `${title}/${file}`, image: { height, width, colorspace: 3, encodedImageString: png } });
    }
  }
  return values;
}
