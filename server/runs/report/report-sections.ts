import type { Curve, ReportSection, ReportTable, SinkReport } from '../../../plugins/sdk/index.ts';
import { curveChart } from './curve-chart.ts';
import { figure, percent } from './figures.ts';
import { html, type Html } from './html.ts';

/** What the results of a category have to tell beside metrics and curves. */
export function reportSections(category: string, reports: Readonly<Record<string, SinkReport>>): Html[] {
  return Object.entries(reports).flatMap(([result, { sections = [] }]) => sections.map((section) => sectionOf(category, result, section)));
}

const sectionOf = (category: string, result: string, { title, text = [], tables = [], curves = [] }: ReportSection): Html => html`<h3>${title} <span class="quiet">${result}</span></h3>
  ${text.map((paragraph) => html`<p>${paragraph}</p>`)}
  ${curves.length > 0 && html`<div class="charts">${curves.map((curve) => figureOf(category, result, curve))}</div>`}
  ${tables.map(tableOf)}`;

const figureOf = (category: string, result: string, curve: Curve): Html => html`<figure><figcaption>${curve.name}</figcaption>
  ${curveChart(`${curve.name} of ${result}, ${category}: ${curve.y.title} over ${curve.x.title}`, curve, { isFree: true })}</figure>`;

function tableOf({ title, columns, rows }: ReportTable): Html {
  const cell = (value: string | number | null, i: number): string => {
    if (typeof value !== 'number') return value ?? '–';
    return columns[i]!.kind === 'share' ? `${percent(value)} %` : figure(value);
  };
  const isNumber = (i: number): boolean => columns[i]!.kind !== 'text';
  return html`<div class="scroll"><table><caption>${title}</caption>
    <thead><tr>${columns.map((column, i) => (isNumber(i) ? html`<th scope="col" class="number">${column.title}</th>` : html`<th scope="col">${column.title}</th>`))}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((value, i) => (isNumber(i) ? html`<td class="number">${cell(value, i)}</td>` : i === 0 ? html`<th scope="row">${cell(value, i)}</th>` : html`<td>${cell(value, i)}</td>`))}</tr>`)}</tbody></table></div>`;
}
