import type { CategoryRecord } from '../run-record.ts';
import { embedImage } from './embed-image.ts';
import { chooseExamples, type Examples } from './examples.ts';
import { count, figure } from './figures.ts';
import { html, type Html } from './html.ts';

/** Pictures of each kind in a category. */
const most = 4;
/** Of every kind: what a category can show at most. */
export const mostPictures = 4 * most;

/** The best and the worst images with their maps, each of at most so many bytes. */
export async function pictures(record: CategoryRecord, result: string | null, threshold: number | null, bytes: number): Promise<Html> {
  if (!record.scores || result === null || record.maps.size === 0) return html``;
  const kinds = await Promise.all(
    chooseExamples(record.scores, result, threshold, most).map((kind) => examples(record, kind, result, bytes)),
  );
  return html`<h3>Images</h3>
    <p class="quiet">Each image beside its anomaly map; the mask of a defect is outlined. Colours run from the middle of all map values of
      the category to near their top, the same for all its images.</p>${kinds}`;
}

async function examples({ maps, name }: CategoryRecord, { title, about, images, total }: Examples, result: string, bytes: number): Promise<Html> {
  const figures = await Promise.all(
    images.map(async (image) => {
      const map = maps.get(image.file);
      const picture = map === undefined ? null : await embedImage(map, bytes);
      const what = image.anomalous ? `defect ${image.defect}` : 'good';
      const score = figure(image.scores[result]);
      return html`<figure>${
        picture
          ? html`<img src="${picture.uri}" width="${picture.width}" height="${picture.height}" alt="${image.file} (${what}) and its anomaly map, score ${score}">`
          : html`<p class="none">no map</p>`
      }<figcaption><span class="file">${image.file.startsWith(`${name}/`) ? image.file.slice(name.length + 1) : image.file}</span> <span class="quiet">${what}</span> <span class="score">${score}</span></figcaption></figure>`;
    }),
  );
  return html`<h4>${title} <span class="quiet">${total > images.length ? `${images.length} of ${total}` : total}</span></h4>
    ${total === 0 ? html`<p class="none">None.</p>` : html`<p class="quiet">${about} ${total > images.length && `The first ${count(images.length, 'image')}.`}</p><div class="pictures">${figures}</div>`}`;
}
