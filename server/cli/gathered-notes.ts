import { withoutControls } from '../../plugins/sdk/problem.ts';
import type { CategoryMetrics } from '../runs/category-metrics.ts';

type Notes = Record<string, Pick<CategoryMetrics, 'results' | 'notes'>>;

/** What results say of themselves, each text once, after the categories and the results that say it. */
export function gatheredNotes(metrics: Notes): string[] {
  const categories = Object.keys(metrics);
  const results = [...new Set(Object.values(metrics).flatMap((of) => Object.keys(of.results)))];
  const said = new Map<string, Map<string, string[]>>();
  for (const [category, { results: own, notes }] of Object.entries(metrics)) {
    for (const note of notes) {
      const { result, text } = parted(note, Object.keys(own));
      const places = said.get(text) ?? new Map<string, string[]>();
      said.set(text, places.set(category, [...(places.get(category) ?? []), ...(result === undefined ? [] : [result])]));
    }
  }
  return [...said].flatMap(([text, places]) =>
    alike(places).map((of) => {
      const names = [...(places.get(of[0]!) ?? [])];
      const where = [named(of, categories, 'categories'), ...(names.length ? [named(names, results, 'results')] : [])];
      return withoutControls(`${where.join(', ')}: ${text}`);
    }),
  );
}

/** `detection: too few images` → the result that says it, and what it says. */
function parted(note: string, results: readonly string[]): { result?: string; text: string } {
  const [result] = results.filter((name) => note.startsWith(`${name}: `)).sort((a, b) => b.length - a.length);
  return result === undefined ? { text: note } : { result, text: note.slice(result.length + 2) };
}

/** Categories of the same results together. */
function alike(places: ReadonlyMap<string, readonly string[]>): string[][] {
  const groups = new Map<string, string[]>();
  for (const [category, results] of places) {
    const key = JSON.stringify(results);
    groups.set(key, [...(groups.get(key) ?? []), category]);
  }
  return [...groups.values()];
}

function named(some: readonly string[], all: readonly string[], plural: string): string {
  if (some.length > 1 && some.length === all.length) return `all ${all.length} ${plural}`;
  return some.length > 1 ? `${some.slice(0, -1).join(', ')} and ${some.at(-1)}` : some[0]!;
}
