import { socketMarks, socketPreviews, type Pack, type Signal, type SocketTypeDefinition } from '../../plugins/sdk/index.ts';
import { describeValue } from '../graph/explain.ts';
import { socketsOf } from '../graph/describe-node.ts';
import { Findings, reasonOf, type Finding } from './finding.ts';

/** Grounds that wires are drawn on. */
const grounds = { light: '#ebedec', dark: '#101413' } as const;
const leastContrast = 3;
/** Letters that an edge has room for. */
const longestSummary = 80;

/** Every type of sockets of a pack; and that types under the plugin's own name which its nodes use are declared. */
export function checkSocketTypes({ socketTypes = [], nodes }: Pack, plugin?: string): Finding[] {
  const declared = new Set(socketTypes.map(({ type }) => type as string));
  const own = plugin === undefined ? [] : nodes.flatMap((node) => usedBy(node).filter((type) => type.startsWith(`${plugin}/`) && !declared.has(type)));
  const undeclared = [...new Set(own)].map((type): Finding => ({ rule: 'socket-type', node: type, message: 'expected the type of sockets among `socketTypes` of the pack, found that nodes use it and nobody declares it', hint: 'declare it: title, colour, how it is looked at' }));
  return [...socketTypes.flatMap((one) => checkSocketType(one, plugin)), ...undeclared];
}

function usedBy(node: Pack['nodes'][number]): string[] {
  try {
    const { inputs, outputs } = socketsOf(node);
    return [...Object.values(inputs), ...Object.values(outputs)].map(({ type }) => type);
  } catch {
    // Another rule tells of sockets that cannot be said.
    return [];
  }
}

function checkSocketType(socketType: SocketTypeDefinition, plugin: string | undefined): Finding[] {
  const { type, title, colour, mark, preview } = socketType;
  const findings = new Findings(type);
  const add = (message: string, hint: string, about: string): void => findings.add('socket-type', message, hint, about);
  if (plugin !== undefined && !type.startsWith(`${plugin}/`)) add(`expected a type that begins with "${plugin}/"`, 'types of a plugin begin with the name of its package', 'type');
  if (!title?.trim()) add('expected a title, found none', 'name it as people call what flows there', 'title');
  for (const ground of ['light', 'dark'] as const) {
    const value = colour?.[ground];
    if (!/^#[0-9a-f]{6}$/i.test(value ?? '')) add(`expected a colour such as "#2f6fb7" for the ${ground} theme, found ${describeValue(value)}`, 'write it as six digits', ground);
    else if (contrastOf(value!, grounds[ground]) < leastContrast) {
      add(`expected a colour that stands out from the ${ground} ground by ${leastContrast} : 1, found ${value} with ${contrastOf(value!, grounds[ground]).toFixed(1)} : 1`, `make it ${ground === 'light' ? 'darker' : 'lighter'}`, ground);
    }
  }
  if (mark !== undefined && !socketMarks.includes(mark)) add(`expected a mark of ${socketMarks.join(', ')}, found ${describeValue(mark)}`, 'take one of these', 'mark');
  const isKnown = preview === undefined || (typeof preview === 'object' ? typeof preview?.viewer === 'string' : socketPreviews.includes(preview));
  if (!isKnown) add(`expected a preview of ${socketPreviews.join(', ')}, or a viewer, found ${describeValue(preview)}`, 'take one of these', 'preview');
  if (socketType.describe) checkSummary(socketType, findings);
  return findings.list;
}

/** A summary has to stand whatever a node may give. */
function checkSummary({ type, describe }: SocketTypeDefinition, findings: Findings): void {
  const shapes: Signal[] = [[16, 12, 1], [16, 12, 7], [4], []].map((shape) => ({ type, shape }));
  for (const signal of [...shapes, { ...shapes[0]!, stride: 8, image: [128, 96] as const }]) {
    const where = `for [${signal.shape.join(', ')}]`;
    const before = JSON.stringify(signal);
    try {
      const text: unknown = describe!(signal);
      if (typeof text !== 'string') findings.add('socket-type', `describe: expected a text, found ${describeValue(text)} ${where}`, 'give a few words', 'describe');
      else if (text.length > longestSummary) findings.add('socket-type', `describe: expected at most ${longestSummary} letters, found ${text.length} ${where}`, 'say less: it stands on an edge', 'describe');
      else if (describe!(signal) !== text || JSON.stringify(signal) !== before) findings.add('socket-type', `describe: expected the same when asked again, and what it is given unchanged, found otherwise ${where}`, 'work from the signal alone', 'describe');
    } catch (error) {
      findings.add('socket-type', `describe: expected a summary, found that it throws ${where}: ${reasonOf(error)}`, 'say what there is to say of any shape', 'describe');
    }
  }
}

/** Contrast of two colours as WCAG 2.2 measures it. */
export function contrastOf(a: string, b: string): number {
  const [lighter, darker] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminanceOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
