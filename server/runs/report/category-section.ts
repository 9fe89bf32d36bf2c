import type { Curve, SinkReport } from '../../../plugins/sdk/index.ts';
import { shownResult, type CategoryRecord, type RunRecord } from '../run-record.ts';
import { isShare, metricTitle } from '../metric-titles.ts';
import { curveChart } from './curve-chart.ts';
import { count, figure, percent } from './figures.ts';
import { html, type Html } from './html.ts';
import { bestEpoch, lossChart } from './loss-chart.ts';
import { perDefect } from './per-defect.ts';
import { reportSections } from './report-sections.ts';
import { scoreHistogram } from './score-histogram.ts';
import { verdicts } from './verdicts.ts';

/** Everything about one category but its pictures. */
export function categorySection(record: CategoryRecord, run: RunRecord, number: number, pictures: Html): Html {
  const { name, reports, scores } = record;
  const images = run.manifest.data?.categories?.[name];
  const result = shownResult(record);
  const report = result === null ? undefined : reports?.[result];
  return html`<section class="category" id="category-${number}" aria-labelledby="category-${number}-title">
    <h2 id="category-${number}-title">${name}</h2>
    ${images && html`<p class="quiet">${count(images.train, 'image')} to fit on, ${images.validation} to validate on, ${images.test} to test on, ${images.anomalous} of them defective.</p>`}
    ${report && result !== null && html`<h3>Verdicts</h3>${verdicts(report, result, run.manifest)}`}
    <div class="charts">
      ${scores && result !== null && scores.length > 0 && scoresFigure(record, result)}
      ${reports && Object.entries(reports).flatMap(([id, { curves = [] }]) => (id === result || id === 'localisation' ? curves.map((curve) => curveFigure(name, id, curve)) : []))}
    </div>
    ${scores && result !== null && perDefectTable(record, result, report?.metrics['threshold'] ?? null)}
    ${reports && reportSections(name, reports)}
    ${pictures}
    ${record.fits.length > 0 && html`<h3>Losses</h3><div class="charts">${record.fits.map((fit) => lossFigure(name, fit))}</div>`}
    ${reports && allResults(reports)}
  </section>`;
}

function scoresFigure({ name, scores, reports }: CategoryRecord, result: string): Html {
  const threshold = reports?.[result]?.metrics['threshold'] ?? null;
  const good = scores!.filter(({ anomalous }) => !anomalous).length;
  const label = `Histogram of the ${result} scores of ${name}: ${good} good and ${scores!.length - good} anomalous test images`;
  return html`<figure><figcaption>Scores <span class="key normal">good, above</span> <span class="key anomalous">anomalous, below</span></figcaption>
    ${scoreHistogram(label, scores!, result, threshold)}</figure>`;
}

/** Curves to a limit end there; a receiver's operating characteristic has chance as its diagonal. */
function curveFigure(category: string, result: string, curve: Curve): Html {
  const isRoc = /roc/i.test(curve.name);
  const isPro = curve.name === 'PRO';
  const limit = isPro ? Math.max(...curve.x.values) : 1;
  return html`<figure><figcaption>${curve.name} <span class="quiet">${result}</span></figcaption>
    ${curveChart(`${curve.name} of ${result}, ${category}: ${curve.y.title} over ${curve.x.title}`, curve, { diagonal: isRoc, limit })}</figure>`;
}

function lossFigure(category: string, fit: CategoryRecord['fits'][number]): Html {
  const best = bestEpoch(fit);
  const last = fit.epochs.at(-1)!;
  const label = `Losses of ${fit.fit}, ${category}, over ${count(fit.epochs.length, 'epoch')}: validation loss ${figure(last.validationLoss)} at the end, lowest ${figure(best?.validationLoss)} at epoch ${best?.epoch ?? '–'}`;
  return html`<figure><figcaption>${fit.fit} <span class="key validation">validation</span> <span class="key train dashed">training</span></figcaption>
    ${lossChart(label, fit)}</figure>`;
}

function perDefectTable({ scores }: CategoryRecord, result: string, threshold: number | null): Html | null {
  const rows = perDefect(scores!, result, threshold);
  if (rows.length === 0) return null;
  return html`<h3>By defect</h3><div class="scroll"><table>
    <caption>Scores of <em>${result}</em>; AUROC of each defect against all good test images, percent. “Called anomalous” of good images are false alarms.</caption>
    <thead><tr><th scope="col">defect</th><th scope="col" class="number">images</th><th scope="col" class="number">AUROC</th><th scope="col" class="number">mean score</th><th scope="col" class="number">called anomalous</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr><th scope="row">${row.defect}</th><td class="number">${row.images}</td><td class="number">${percent(row.auroc)}</td>
        <td class="number">${figure(row.meanScore)}</td><td class="number">${row.found === null ? '–' : html`${percent(row.found)} %`}</td></tr>`,
    )}</tbody></table></div>`;
}

function allResults(reports: Readonly<Record<string, SinkReport>>): Html {
  return html`<details><summary>All results of the graph, every metric</summary>${Object.entries(reports).map(
    ([name, { metrics, notes }]) => html`<div class="scroll"><table><caption>${name}</caption>
      <thead><tr><th scope="col">metric</th><th scope="col" class="number">value</th></tr></thead>
      <tbody>${Object.entries(metrics).map(
        ([metric, value]) => html`<tr><th scope="row">${metricTitle(metric)}</th><td class="number">${isShare(metric) && value !== null ? `${percent(value)} %` : figure(value)}</td></tr>`,
      )}</tbody></table></div>${notes.map((note) => html`<p class="quiet">${note}</p>`)}`,
  )}</details>`;
}
