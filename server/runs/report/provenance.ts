import { formatProblem } from '../../../plugins/sdk/index.ts';
import type { UsedWeights } from '../manifest.ts';
import type { RecordedManifest } from '../run-record.ts';
import { duration } from './figures.ts';
import { html, type Html } from './html.ts';

/** What weights were used and what they permit one to conclude: before any figure is read. */
export function cautions({ weights = [], data, status, problem }: RecordedManifest): Html {
  const texts = new Set(weights.flatMap(({ caution, name }) => (caution ? [`${name}: ${caution}.`] : [])));
  return html`
    ${status !== 'done' && html`<p class="caution"><strong>This run is not finished</strong> (${status}${problem ? `: ${formatProblem(problem)}` : ''}). What is shown is what it has written so far.</p>`}
    ${[...texts].map((text) => html`<p class="caution">${text}</p>`)}
    ${data?.generated && html`<p class="caution">Generated images: the figures say nothing of real products.</p>`}`;
}

/** All that the result depends on, and what it took. */
export function provenance(manifest: RecordedManifest): Html {
  const { data, engine, machine, overrides, weights = [], timings = {}, warnings = [] } = manifest;
  const settings = Object.entries(overrides?.set ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const facts: (readonly [string, string | Html | undefined])[] = [
    ['Graph', html`${manifest.graph.name} <code>${manifest.graph.logic}</code>`],
    ['Set by hand', [...(overrides?.epochs ? [`epochs ${overrides.epochs}`] : []), ...settings].join(', ') || 'nothing'],
    ['Seed', String(manifest.seed)],
    ['Data', data && html`${data.root} (${data.layout}) <code>${data.sha256}</code>`],
    ['Stillroom', manifest.stillroom],
    ['Engine', engine && `TensorFlow ${engine.version} (${engine.source}), ${engine.device}, ${engine.mode}`],
    ['Machine', machine && `${machine.processor}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}`],
    ['Begun', manifest.started],
    ['Gone on with', manifest.resumed?.length ? manifest.resumed.join(', ') : undefined],
    ['Ended', manifest.ended ?? 'not yet'],
    ['Identity', html`<code>${manifest.identity}</code>`],
  ];
  return html`<dl class="facts">${facts.map(([name, value]) => value !== undefined && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    ${weights.length > 0 && html`<h3>Pretrained weights</h3>${weights.map(usedWeights)}`}
    ${Object.keys(timings).length > 0 && html`<h3>What it took</h3><div class="scroll"><table><caption>Time of each stage.</caption>
      <thead><tr><th scope="col">category</th><th scope="col" class="number">fit</th><th scope="col" class="number">calibrate</th><th scope="col" class="number">predict</th></tr></thead>
      <tbody>${Object.entries(timings).map(
        ([category, t]) => html`<tr><th scope="row">${category}</th><td class="number">${duration(t.fit)}</td><td class="number">${duration(t.calibrate)}</td><td class="number">${duration(t.predict)}</td></tr>`,
      )}</tbody></table></div>`}
    <h3>Warnings</h3>
    ${warnings.length ? html`<ul>${warnings.map((problem) => html`<li>${formatProblem(problem)}</li>`)}</ul>` : html`<p class="none">None.</p>`}`;
}

function usedWeights({ node, architecture, name, licence, sha256, caution }: UsedWeights): Html {
  return html`<dl class="facts">
    <dt>${node}</dt><dd>${name} <span class="quiet">(${architecture})</span></dd>
    <dt>Permit one to conclude</dt><dd>${caution ?? (isKnown(licence) ? knownWeights : unknownWeights)}</dd>
    <dt>Licence</dt><dd>${isKnown(licence) ? licence : 'not known'}</dd>
    <dt>SHA-256</dt><dd><code>${sha256}</code></dd>
  </dl>`;
}

const knownWeights = 'no limit is known: figures can be set beside others that were got with these weights';
const unknownWeights = 'a file that Stillroom does not know: figures can be set beside others only where those were got with the same file';

/** A file that was named, not registered, has a licence that nobody has stated. */
const isKnown = (licence: string | null): boolean => licence !== null && licence !== 'unknown';
