import type { FalseAlarmRate, SinkReport, Threshold } from '../../../plugins/sdk/index.ts';
import type { RunRecord } from '../run-record.ts';
import { count, figure, share } from './figures.ts';
import { html, type Html } from './html.ts';

/** The rule of the threshold, what it promises, the confusion at it, and how much of each image no verdict is about. */
export function verdicts(report: SinkReport, result: string, manifest: RunRecord['manifest']): Html {
  const { metrics, threshold } = report;
  const value = metrics['threshold'];
  if (typeof value !== 'number') return html`<p class="none">This result gives no verdicts: it has no threshold.</p>`;
  const cell = (name: string): number => metrics[name] ?? 0;
  const [tp, fn, fp, tn] = ['truePositives', 'falseNegatives', 'falsePositives', 'trueNegatives'].map(cell) as [number, number, number, number];
  return html`<div class="pair">
    <div class="scroll"><table class="confusion">
      <caption>Verdicts on the test images at the threshold ${figure(value)}</caption>
      <thead><tr><td></td><th scope="col" class="number">called anomalous</th><th scope="col" class="number">called good</th></tr></thead>
      <tbody>
        <tr><th scope="row">defective</th><td class="number right">${tp}</td><td class="number${fn > 0 && ' wrong'}">${fn} <span class="quiet">missed</span></td></tr>
        <tr><th scope="row">good</th><td class="number${fp > 0 && ' wrong'}">${fp} <span class="quiet">false ${fp === 1 ? 'alarm' : 'alarms'}</span></td><td class="number right">${tn}</td></tr>
      </tbody>
    </table></div>
    <div>${threshold ? rule(threshold) : html`<p>An image is called anomalous at ${figure(value)} or above. The run does not say how that was found.</p>`}
      ${uninspected(manifest.data?.uninspected?.[result])}</div>
  </div>`;
}

function rule({ value, rule: how, images, promised, observed }: Threshold): Html {
  return html`<dl class="facts">
    <dt>Threshold</dt><dd>${figure(value)}: the ${how}, learnt from ${count(images, 'validation image')}, never from test labels</dd>
    <dt>False alarms promised</dt><dd>${share(promised.rate)} expected at most; with 95 % confidence between ${share(promised.low)} and ${share(promised.high)}</dd>
    <dt>False alarms seen</dt><dd>${observed ? rate(observed) : 'no good test image'}</dd>
  </dl>
  <p class="quiet">Rates of good images called anomalous. Expected is the mean over all draws of validation images; the rate of this very
    threshold may lie above it, within the exact interval that holds it with 95 % confidence (in brackets for those seen). All of
    it speaks of images like those it was learnt from.</p>`;
}

function rate({ rate: value, low, high }: FalseAlarmRate): string {
  return `${share(value)} (${share(low)} to ${share(high)})`;
}

function uninspected(left: number | undefined): Html | null {
  if (left === undefined) return null;
  return left > 0
    ? html`<p class="caution">${share(left)} of each image is not inspected: no verdict is about what lies there.</p>`
    : html`<p class="quiet">All of each image is inspected.</p>`;
}
