import type { CategoryMetrics } from '../category-metrics.ts';
import type { RunRecord } from '../run-record.ts';
import { mean, percent } from './figures.ts';
import { html, type Html } from './html.ts';

type Own = 'imageAuroc' | 'pixelAuroc' | 'aupro';
const columns: readonly (readonly [Own, string])[] = [
  ['imageAuroc', 'image AUROC'],
  ['pixelAuroc', 'pixel AUROC'],
  ['aupro', 'AUPRO (30 %)'],
];

/** The graph's own figures, by category, with their mean. */
export function headline({ metrics, categories }: RunRecord): Html {
  const rows = categories.map(({ name }) => ({ name, metrics: Object.hasOwn(metrics, name) ? metrics[name] : undefined }));
  const measured = rows.filter((row) => row.metrics !== undefined);
  if (measured.length === 0) return html`<p class="none">Nothing is measured yet.</p>`;
  const value = (of: Partial<CategoryMetrics> | undefined, key: Own): string => percent(of?.[key]);
  const means = columns.map(([key]) => mean(measured.map((row) => row.metrics?.[key])));
  return html`
    <dl class="tiles">${columns.map(
      ([, title], i) => html`<div><dt>${title}</dt><dd>${percent(means[i])}<span class="unit">%</span></dd></div>`,
    )}</dl>
    <div class="scroll"><table>
      <caption>${measured.length > 1 ? `Tiles above: the mean of ${measured.length} categories. ` : ''}Percent; of the results named <em>detection</em> and <em>localisation</em>.</caption>
      <thead><tr><th scope="col">category</th>${columns.map(([, title]) => html`<th scope="col" class="number">${title}</th>`)}</tr></thead>
      <tbody>${rows.map(
        (row, i) => html`<tr><th scope="row">${row.metrics ? html`<a href="#category-${i + 1}">${row.name}</a>` : html`<a href="#category-${i + 1}">${row.name}</a> <span class="quiet">not measured</span>`}</th>
          ${columns.map(([key]) => html`<td class="number">${value(row.metrics, key)}</td>`)}</tr>`,
      )}</tbody>
      ${measured.length > 1 && html`<tfoot><tr><th scope="row">mean</th>${means.map((m) => html`<td class="number">${percent(m)}</td>`)}</tr></tfoot>`}
    </table></div>`;
}
