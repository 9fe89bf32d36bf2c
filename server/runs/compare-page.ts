import type { Comparison, SeedGroup } from './compare.ts';
import { percent } from './report/figures.ts';
import { html, type Html } from './report/html.ts';
import { page } from './report/page.ts';
import { ownMetrics, type OwnFigures } from './seeds-spread.ts';

const titles: Record<(typeof ownMetrics)[number], string> = { imageAuroc: 'image AUROC', pixelAuroc: 'pixel AUROC', aupro: 'AUPRO (30 %)' };

/** A comparison as one page that needs nothing else. */
export function comparisonPage(comparison: Comparison): string {
  const { runs, differences, warnings } = comparison;
  return page(
    `${runs.length} runs compared`,
    html`<header><p class="mark">Stillroom · comparison</p><h1>${runs.length} runs compared</h1></header>
    <main>
      ${cautioned(runs).map((told) => html`<p class="caution">${told}.</p>`)}
      ${warnings.map(({ message }) => html`<p class="caution">${message}.</p>`)}
      ${comparedOver(comparison).map(
        (of) => html`<h2>${of ?? 'Mean over categories'}</h2><div class="scroll"><table><caption>Percent.</caption>${head(['run', 'seed'])}
          <tbody>${runs.map((run) => row(run.name, String(run.seed), of === null ? run.mean : run.metrics[of]))}</tbody>
          ${footOf(groupsIn(comparison, of), of)}</table></div>`,
      )}
      <h2>Differences</h2>
      ${
        differences.length === 0
          ? html`<p class="none">None: the runs must have the same result.</p>`
          : html`<div class="scroll"><table><caption>What is not the same in all runs.</caption>
        <thead><tr><th scope="col">what</th>${runs.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
        <tbody>${differences.map(({ what, values }) => html`<tr><th scope="row">${what}</th>${values.map((value) => html`<td>${shortened(value ?? '–')}</td>`)}</tr>`)}</tbody></table></div>`
      }
    </main>
    <footer>Groups are runs that differ in their seed alone: mean ± sample standard deviation.</footer>`,
  );
}

/** What the weights of runs permit one to conclude, with the names of the runs where it is not all of them. */
export function cautioned(runs: Comparison['runs']): string[] {
  return [...new Set(runs.flatMap(({ cautions }) => cautions))].map((caution) => {
    const names = runs.filter(({ cautions }) => cautions.includes(caution)).map(({ name }) => name);
    return names.length === runs.length ? caution : `${names.join(', ')}: ${caution}`;
  });
}

/** What has a table: every category, and null for the mean over those that all runs have, where there is one to take. */
export function comparedOver({ categories, common }: Comparison): (string | null)[] {
  return [...categories, ...(categories.length > 1 && common.length > 0 ? [null] : [])];
}

/** The groups of seeds that have figures in a category, or over all. */
export function groupsIn({ groups }: Comparison, category: string | null): SeedGroup[] {
  return groups.filter((group) => figuresOf(group, category)[0] !== undefined);
}

/** A hash is told by its beginning. */
export function shortened(value: string): string {
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
}

function head(names: readonly string[]): Html {
  return html`<thead><tr>${names.map((name) => html`<th scope="col">${name}</th>`)}${ownMetrics.map((metric) => html`<th scope="col" class="number">${titles[metric]}</th>`)}</tr></thead>`;
}

function row(name: string, seed: string, figures: Partial<OwnFigures> | undefined): Html {
  return html`<tr><th scope="row">${name}</th><td>${seed}</td>${ownMetrics.map((metric) => html`<td class="number">${percent(figures?.[metric])}</td>`)}</tr>`;
}

function footOf(groups: readonly SeedGroup[], category: string | null): Html | false {
  return groups.length > 0 && html`<tfoot>${groups.map((group) => groupRow(group, category))}</tfoot>`;
}

function groupRow(group: SeedGroup, category: string | null): Html {
  const [means, spread] = figuresOf(group, category);
  return html`<tr><th scope="row">mean of ${group.runs.join(', ')}</th><td>${group.seeds.join(', ')}</td>${ownMetrics.map(
    (metric) => html`<td class="number">${withSpread(means?.[metric], spread?.[metric])}</td>`,
  )}</tr>`;
}

/** Mean and spread of a group in one category, or over all. */
export function figuresOf({ metrics, spread, overall }: SeedGroup, category: string | null): [OwnFigures | undefined, OwnFigures | undefined] {
  return category === null ? [overall.metrics, overall.spread] : [metrics[category], spread[category]];
}

/** `79.5 ± 1.2`, percent. */
export function withSpread(mean: number | null | undefined, spread: number | null | undefined): string {
  return typeof spread === 'number' ? `${percent(mean)} ± ${percent(spread)}` : percent(mean);
}
