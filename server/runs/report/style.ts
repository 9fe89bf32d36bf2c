/** The page's look: one column to read, light and dark as the reader's system has it, and on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --panel: #ffffff; --text: #1d2327; --quiet: #5c666d; --line: #dcdfdd;
  --normal: #2b6c99; --anomalous: #c2502e; --train: #8a6d1f; --validation: #2b6c99;
  --accent: #1f5f6b; --caution: #fdf3df; --caution-line: #d9a441; --wrong: #a8401f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15191c; --panel: #1c2125; --text: #e4e8ea; --quiet: #98a3aa; --line: #333b41;
    --normal: #6fb1dd; --anomalous: #ec8a66; --train: #d3b25a; --validation: #6fb1dd;
    --accent: #7cc4d1; --caution: #2d2717; --caution-line: #a9853a; --wrong: #f0a083;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, header, footer { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
header .mark { color: var(--accent); font-size: 12px; font-weight: 600; letter-spacing: .09em; text-transform: uppercase; margin: 0; }
h1 { font-size: 28px; line-height: 1.2; font-weight: 650; margin: 4px 0 6px; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; font-weight: 650; margin: 48px 0 6px; padding-top: 20px; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
h3 { font-size: 15px; font-weight: 650; margin: 30px 0 8px; }
h4 { font-size: 14px; font-weight: 600; margin: 20px 0 2px; }
p { margin: 6px 0; max-width: 74ch; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.quiet, .none { color: var(--quiet); font-weight: 400; }
p.quiet, p.none { font-size: 13px; }
.caution { background: var(--caution); border-left: 3px solid var(--caution-line); padding: 8px 12px; border-radius: 0 4px 4px 0; max-width: none; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; margin: 14px 0 0; font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 16px 0; }
.tiles div { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.tiles dt { color: var(--quiet); font-size: 13px; }
.tiles dd { margin: 0; font-size: 30px; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tiles .unit { font-size: 15px; color: var(--quiet); font-weight: 400; margin-left: 4px; }
.scroll { overflow-x: auto; margin: 10px 0; background:
  linear-gradient(to right, var(--page) 40%, transparent) left / 32px 100% no-repeat local,
  linear-gradient(to left, var(--page) 40%, transparent) right / 32px 100% no-repeat local,
  linear-gradient(to right, var(--line), transparent) left / 12px 100% no-repeat scroll,
  linear-gradient(to left, var(--line), transparent) right / 12px 100% no-repeat scroll; }
table { border-collapse: collapse; font-size: 14px; width: 100%; }
caption { text-align: left; color: var(--quiet); font-size: 13px; padding-bottom: 6px; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; font-weight: 400; overflow-wrap: break-word; }
thead th { color: var(--quiet); font-size: 13px; }
tbody th { font-weight: 500; max-width: 40ch; }
thead .number { white-space: normal; }
tfoot th, tfoot td { font-weight: 650; border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.confusion .right { font-weight: 650; }
.confusion .wrong { color: var(--wrong); font-weight: 650; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 8px 40px; align-items: start; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin: 10px 0; font-size: 14px; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
code { font: 12px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--quiet); overflow-wrap: anywhere; }
code.short { white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 24px 28px; align-items: end; margin-top: 10px; }
figure { margin: 0; min-width: 0; break-inside: avoid; }
figcaption { font-size: 13px; font-weight: 600; }
.charts svg { display: block; width: 100%; height: auto; overflow: visible; font: 11px system-ui, sans-serif; color: var(--quiet); }
.key { font-weight: 400; color: var(--quiet); margin-left: 10px; white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: 14px; height: 0; border-top: 3px solid currentColor; margin-right: 5px; vertical-align: middle; }
.key.normal::before, .key.anomalous::before { height: 10px; border: 0; width: 10px; border-radius: 2px; background: var(--normal); }
.key.anomalous::before { background: var(--anomalous); }
.key.validation::before { border-color: var(--validation); }
.key.train::before { border-color: var(--train); }
.key.dashed::before { border-top-style: dashed; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 236px), 1fr)); gap: 14px; margin: 6px 0; }
.pictures img { display: block; width: 100%; height: auto; border-radius: 3px; background: var(--line); }
.pictures figcaption { font-weight: 400; font-size: 12px; line-height: 1.4; margin-top: 4px; overflow-wrap: anywhere; display: flex; flex-wrap: wrap; gap: 0 8px; }
.pictures .score { margin-left: auto; font-variant-numeric: tabular-nums; font-weight: 600; }
details { margin: 20px 0; }
summary { cursor: pointer; font-size: 14px; color: var(--accent); }
#graph label { display: none; font-size: 13px; color: var(--quiet); cursor: pointer; }
#graph:has(.wide) label { display: inline-block; }
#graph .scroll:has(.wide) { margin-inline: min(0px, calc(50% - 50vw + 36px)); }
svg.graph { display: block; width: 100%; min-width: 0; max-width: var(--natural); height: auto; font: 12px system-ui, sans-serif; }
@media (max-width: 900px) { svg.graph { min-width: min(var(--natural), max(100%, calc(var(--natural) * .6))); } }
#graph:has(:checked) svg.graph { min-width: var(--natural); }
.graph .frame rect { fill: var(--text); fill-opacity: .03; stroke: var(--line); }
.graph .frame text { fill: var(--quiet); font-weight: 600; }
.graph .wires path { fill: none; stroke: var(--quiet); stroke-opacity: .55; stroke-width: 1.3; }
.graph .node rect { fill: var(--panel); stroke: var(--quiet); stroke-opacity: .6; }
.graph .node.muted { opacity: .5; }
.graph .node.muted rect { stroke-dasharray: 4 3; }
.graph .name { fill: var(--text); font-weight: 550; }
.graph .type { fill: var(--quiet); font-size: 11px; }
footer { color: var(--quiet); font-size: 13px; padding-top: 32px; padding-bottom: 48px; }
@media (max-width: 640px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  .pair, .facts { grid-template-columns: minmax(0, 1fr); }
  .facts { gap: 0; }
  .facts dd { margin-bottom: 8px; }
  .tiles { grid-template-columns: repeat(3, 1fr); gap: 6px; }
  .tiles div { padding: 8px 10px; }
  .tiles dd { font-size: 21px; }
  .tiles dt { font-size: 12px; }
}
@media print {
  :root { --page: #fff; --panel: #fff; --text: #000; --quiet: #444; --line: #bbb; --normal: #2b6c99; --anomalous: #c2502e; --train: #8a6d1f; --validation: #2b6c99; --accent: #000; --caution: #fff; --caution-line: #888; --wrong: #a8401f; color-scheme: light; }
  body { font-size: 10.5pt; }
  nav { display: none; }
  main, header, footer { max-width: none; padding: 0; }
  h2, h3, h4 { break-after: avoid; }
  tr, .tiles { break-inside: avoid; }
  .scroll { overflow: visible; }
  #graph svg.graph { min-width: 0; }
  #graph:has(.wide) label { display: none; }
  #graph .scroll:has(.wide) { margin-inline: 0; }
  .pictures { grid-template-columns: repeat(3, 1fr); }
  .category { break-before: page; }
}
`;
