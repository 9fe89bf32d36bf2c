import { shownResult, type RunRecord } from '../run-record.ts';
import { categorySection } from './category-section.ts';
import { graphDrawing } from './graph-drawing.ts';
import { headline } from './headline.ts';
import { html, type Html } from './html.ts';
import { page } from './page.ts';
import { mostPictures, pictures } from './pictures.ts';
import { cautions, provenance } from './provenance.ts';

/** Bytes of all pictures of a report together. */
const pictureBudget = 12e6;
/** Bytes of one picture, where there are few. */
const mostOfOne = 60e3;

/** The report of a run as one page that needs nothing else. Of an unfinished run it shows what there is. */
export async function reportPage(run: RunRecord): Promise<string> {
  const { manifest, graph, categories, missing } = run;
  const bytes = Math.min(mostOfOne, pictureBudget / Math.max(1, categories.length * mostPictures));
  const sections: Html[] = [];
  for (const [i, record] of categories.entries()) {
    const result = shownResult(record);
    const threshold = result === null ? null : (record.reports?.[result]?.metrics['threshold'] ?? null);
    sections.push(categorySection(record, run, i + 1, await pictures(record, result, threshold, bytes)));
  }
  return page(
    manifest.graph.name,
    html`<header>
      <p class="mark">Stillroom · report of a run</p>
      <h1>${manifest.graph.name}</h1>
      ${graph?.description && html`<p>${graph.description}</p>`}
      ${graph?.cite && html`<p class="quiet">${graph.cite}</p>`}
      <nav aria-label="Parts of the report"><ul><li><a href="#figures">Figures</a></li>${categories.map(({ name }, i) => html`<li><a href="#category-${i + 1}">${name}</a></li>`)}<li><a href="#graph">Graph</a></li><li><a href="#run">Run</a></li></ul></nav>
    </header>
    <main>
      <section id="figures" aria-labelledby="figures-title"><h2 id="figures-title">Figures</h2>${cautions(manifest)}${headline(run)}</section>
      ${sections}
      <section id="graph" aria-labelledby="graph-title"><h2 id="graph-title">Graph</h2>${
        graph ? html`<label><input type="checkbox"> at full size</label><div class="scroll" tabindex="0" role="region" aria-label="The graph, drawn">${graphDrawing(graph)}</div>` : html`<p class="none">The run does not have its graph.</p>`
      }</section>
      <section id="run" aria-labelledby="run-title"><h2 id="run-title">Run</h2>${provenance(manifest)}
        ${missing.length > 0 && html`<h3>Missing from this report</h3><ul>${missing.map((what) => html`<li>${what}</li>`)}</ul>`}
      </section>
    </main>
    <footer>Scores are raw: never clamped, never rescaled before they are ranked. Thresholds come from validation images; F1-max looks at test labels.</footer>`,
  );
}
