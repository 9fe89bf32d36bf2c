import { formatProblem } from '../../../plugins/sdk/index.ts';
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
    ${weights.length > 0 && html`<div class="scroll"><table><caption>Pretrained weights</caption>
      <thead><tr><th scope="col">node</th><th scope="col">weights</th><th scope="col">licence</th><th scope="col">permits one to conclude</th><th scope="col">SHA-256</th></tr></thead>
      <tbody>${weights.map(
        (used) => html`<tr><th scope="row">${used.node}</th><td>${used.name}</td><td>${used.licence ?? 'not known'}</td><td>${used.caution ?? 'no limit is stated for these weights'}</td><td><code class="short" title="${used.sha256}">${used.sha256.slice(0, 12)}…</code></td></tr>`,
      )}</tbody></table></div>`}
    ${Object.keys(timings).length > 0 && html`<div class="scroll"><table><caption>What it took</caption>
      <thead><tr><th scope="col">category</th><th scope="col" class="number">fit</th><th scope="col" class="number">calibrate</th><th scope="col" class="number">predict</th></tr></thead>
      <tbody>${Object.entries(timings).map(
        ([category, t]) => html`<tr><th scope="row">${category}</th><td class="number">${duration(t.fit)}</td><td class="number">${duration(t.calibrate)}</td><td class="number">${duration(t.predict)}</td></tr>`,
      )}</tbody></table></div>`}
    <h3>Warnings</h3>
    ${warnings.length ? html`<ul>${warnings.map((problem) => html`<li>${formatProblem(problem)}</li>`)}</ul>` : html`<p class="none">None.</p>`}`;
}
