import type { Point } from '../canvas/geometry.ts';
import { gridStep } from '../canvas/geometry.ts';
import type { Editing } from './editing.svelte.ts';
import { isPressed } from './keys.ts';
import { neighbour } from './neighbour.ts';
import { addNote, alignChosen, arrange, collapseChosen, dissolveChosen, distributeChosen, duplicate, frameChosen } from './tools.ts';
import type { ViewSetting } from './view-settings.svelte.ts';

/** What the keys can reach. */
export interface Reach {
  editing: Editing;
  search(): void;
  replace(): void;
  toggle(setting: ViewSetting): void;
  sheet(): void;
  /** The panel below takes the place of the canvas, or gives it back. */
  enlarge(): void;
}

export interface Shortcut {
  keys: readonly string[];
  label: string;
  run(reach: Reach, key: string): void;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

const arrows: Record<string, Point> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };
const all = (prefix = ''): string[] => Object.keys(arrows).map((key) => prefix + key);
const hasChosen = ({ chosen }: Editing): boolean => chosen.nodes.length + chosen.items.length > 0 || chosen.point !== undefined;

/** Arrows move what is selected, and else the view. */
function push(editing: Editing, key: string, step: number): void {
  const { x, y } = arrows[key]!;
  if (hasChosen(editing)) editing.nudge({ x: x * step, y: y * step });
  else void editing.view?.panBy({ x: -x * 60, y: -y * 60 });
}

function walk(editing: Editing, key: string): void {
  const next = neighbour(editing.picture.nodes, editing.chosen.nodes.at(-1) ?? null, arrows[key]!);
  if (!next) return;
  editing.select({ nodes: [next.id] });
  editing.view?.reveal(next.id);
}

/** Everything that a key does, as it is told on the sheet too. */
export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'Graph',
    shortcuts: [
      { keys: ['Shift+A'], label: 'Search a node to add (or double click)', run: ({ search }) => search() },
      { keys: ['Tab'], label: 'The same, after a click on the canvas; else to the next control', run: ({ search }) => search() },
      { keys: ['Mod+Z'], label: 'Undo', run: ({ editing }) => editing.session.undo() },
      { keys: ['Mod+Shift+Z', 'Mod+Y'], label: 'Redo', run: ({ editing }) => editing.session.redo() },
      { keys: ['N'], label: 'Add a note', run: ({ editing }) => addNote(editing) },
      { keys: ['L'], label: 'Arrange by wires', run: ({ editing }) => void arrange(editing) },
      { keys: ['?'], label: 'This sheet', run: ({ sheet }) => sheet() },
    ],
  },
  {
    title: 'Select',
    shortcuts: [
      { keys: ['Mod+A'], label: 'Everything', run: ({ editing }) => editing.selectAll() },
      { keys: ['Escape'], label: 'Nothing; else out of the sub-graph', run: ({ editing }) => (hasChosen(editing) || editing.chosen.wire ? editing.select({}) : editing.leave()) },
      { keys: all('Alt+'), label: 'The next node in that direction', run: ({ editing }, key) => walk(editing, key) },
      { keys: ['Enter'], label: 'Open a sub-graph', run: ({ editing }) => void (editing.chosen.nodes[0] !== undefined && editing.enter(editing.chosen.nodes[0])) },
    ],
  },
  {
    title: 'Change',
    shortcuts: [
      { keys: ['Delete', 'Backspace'], label: 'Remove', run: ({ editing }) => editing.remove() },
      { keys: ['Shift+Delete', 'Shift+Backspace'], label: 'Take out, wires lead past', run: ({ editing }) => editing.pullOut(false) },
      { keys: ['Mod+D'], label: 'Duplicate', run: ({ editing }) => duplicate(editing) },
      { keys: ['M'], label: 'Mute or unmute', run: ({ editing }) => editing.mute() },
      { keys: ['B'], label: 'Bypass: mute, wires lead past', run: ({ editing }) => editing.pullOut(true) },
      { keys: ['R'], label: 'Replace by another node', run: ({ replace }) => replace() },
      { keys: ['G'], label: 'Frame round the selection', run: ({ editing }) => frameChosen(editing) },
      { keys: ['Mod+G'], label: 'Make a sub-graph', run: ({ editing }) => collapseChosen(editing) },
      { keys: ['Mod+Shift+G'], label: 'Dissolve a sub-graph', run: ({ editing }) => dissolveChosen(editing) },
    ],
  },
  {
    title: 'Place',
    shortcuts: [
      { keys: all(), label: 'Move by a step of the grid', run: ({ editing }, key) => push(editing, key, gridStep) },
      { keys: all('Shift+'), label: 'Move by 1 px', run: ({ editing }, key) => push(editing, key, 1) },
      { keys: ['Alt+A', 'Alt+D'], label: 'Align left, right', run: ({ editing }, key) => alignChosen(editing, key === 'Alt+A' ? 'left' : 'right') },
      { keys: ['Alt+W', 'Alt+S'], label: 'Align top, bottom', run: ({ editing }, key) => alignChosen(editing, key === 'Alt+W' ? 'top' : 'bottom') },
      { keys: ['Alt+H', 'Alt+V'], label: 'Distribute across, down', run: ({ editing }, key) => distributeChosen(editing, key === 'Alt+H' ? 'x' : 'y') },
    ],
  },
  {
    title: 'View',
    shortcuts: [
      { keys: ['F'], label: 'Fit the selection, or everything', run: ({ editing }) => void editing.view?.fit(editing.chosen.nodes.length > 0 ? editing.chosen.nodes : undefined, 1.2) },
      { keys: ['+', '='], label: 'Zoom in', run: ({ editing }) => void editing.view?.zoomBy(1.25) },
      { keys: ['-'], label: 'Zoom out', run: ({ editing }) => void editing.view?.zoomBy(0.8) },
      { keys: ['1'], label: 'Actual size', run: ({ editing }) => void editing.view?.zoomBy(1 / editing.view.scale) },
      { keys: ['H'], label: 'Heat: colour by cost', run: ({ toggle }) => toggle('heat') },
      { keys: ['C'], label: 'Costs on nodes', run: ({ toggle }) => toggle('cost') },
      { keys: ['S'], label: 'Snap to the grid', run: ({ toggle }) => toggle('snaps') },
      { keys: ['O'], label: 'Minimap', run: ({ toggle }) => toggle('minimap') },
      { keys: ['E'], label: 'Enlarge the panel below, or back', run: ({ enlarge }) => enlarge() },
      { keys: ['P'], label: 'Palette', run: ({ toggle }) => toggle('palette') },
    ],
  },
];

/** What is done with the pointer or by the browser, for the sheet. */
export const gestures: readonly (readonly [string, string])[] = [
  ['Drag a socket', 'wire; drop it on nothing to search what fits'],
  ['Drag a wired input', 'take its wire elsewhere, or drop it'],
  ['Drag a lone node onto a wire', 'insert it'],
  ['Alt+click on a wire', 'lead it through a point there; drag points to move them'],
  ['Double click on a point', 'remove it; so does Delete'],
  ['Shift+drag', 'select by a box'],
  ['Shift or Ctrl+click', 'select more'],
  ['Wheel, pinch', 'zoom'],
  ['Drag, two fingers, middle button', 'move the view'],
  ['Mod+C, Mod+X, Mod+V', 'copy, cut, paste, across graphs and as text'],
];

/** Does what a key says; false where it says nothing. */
export function press(event: KeyboardEvent, reach: Reach): boolean {
  for (const { shortcuts } of shortcutGroups) {
    for (const { keys, run } of shortcuts) {
      const pressed = keys.find((one) => isPressed(one, event));
      if (pressed === undefined) continue;
      run(reach, event.key in arrows ? event.key : pressed);
      return true;
    }
  }
  return false;
}
