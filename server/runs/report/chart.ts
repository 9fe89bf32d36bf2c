import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml, Html } from './html.ts';

/** Colours by what they stand for; the page defines them for light and dark. */
export const colour = {
  normal: 'var(--normal)',
  anomalous: 'var(--anomalous)',
  train: 'var(--train)',
  validation: 'var(--validation)',
  quiet: 'var(--quiet)',
  text: 'var(--text)',
} as const;

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Draws a chart as SVG that scales with its column; `title` is what a screen reader says in its place. */
export function chart(title: string, options: Plot.PlotOptions): Html {
  const svg = Plot.plot({ width: 340, height: 290, marginLeft: 46, marginRight: 14, ...options, document } as Plot.PlotOptions) as Element;
  svg.querySelector('style')?.remove();
  for (const hidden of svg.querySelectorAll('[aria-label]')) hidden.removeAttribute('aria-label');
  for (const name of ['width', 'height', 'class', 'font-family']) svg.removeAttribute(name);
  svg.setAttribute('role', 'img');
  // Set by hand: the label comes from file names, and must be escaped as everything else in the page is.
  return new Html(svg.outerHTML.replace('<svg ', `<svg aria-label="${escapeHtml(title)}" `));
}
