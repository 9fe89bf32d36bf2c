import sharp, { type OverlayOptions } from 'sharp';
import type { Size } from '../../plugins/sdk/images.ts';
import { filesOfMask, type Category, type Dataset, type ImageRef, type LabelledImage } from './dataset.ts';
import { readMask, readPixels } from './image-file.ts';
import { markedAt, sizeWithin, wholeAt } from './original.ts';

/** Images in a row: those of one split or defect, evenly spread. */
const perRow = 8;
/** Rows of a sheet: more become too long a picture; of many categories the first are drawn. */
const mostRows = 120;

/** Longest side of an image, px. */
const cell = 176;
const gap = 10;
const margin = 28;
const labelWidth = 150;
/** Below the images of a row: their names. */
const nameHeight = 28;
/** Room for a label of three lines and its note. */
const leastImageHeight = 84;
const headingHeight = 58;
const titleHeight = 64;
const sheetWidth = margin * 2 + labelWidth + perRow * (cell + gap);

const ink = '#1f2328';
const faint = '#6e7781';
const line = '#d8dee4';
const paper = '#ffffff';
const font = 'font-family="DejaVu Sans, Liberation Sans, Arial, sans-serif"';
/** Outline of what a mask marks, RGB: seen on grey metal and on brown wood alike. */
const outline = [255, 32, 96] as const;

interface Row {
  label: string;
  note: string;
  colour: string;
  images: readonly (ImageRef | LabelledImage)[];
}

/** A block of the sheet: where it begins, how tall it is, what is drawn there. */
interface Block {
  height: number;
  draw(top: number): Promise<OverlayOptions[]>;
}

/**
 * Draws what a dataset was understood to hold: a row for each split and each defect, images as the network gets them
 * (8 bits, upright), outlines around what masks mark. Gives a PNG, and the names of the categories that found no room.
 */
export async function drawContactSheet({ root, layout, categories }: Dataset): Promise<{ png: Buffer; left: string[] }> {
  const blocks: Block[] = [title(root, layout, categories)];
  const left: string[] = [];
  let rows = 0;
  for (const category of categories) {
    const own = rowsOf(category);
    if (rows > 0 && rows + own.length > mostRows) {
      left.push(category.name);
      continue;
    }
    rows += own.length;
    blocks.push(heading(category), ...own.map(drawnRow));
  }
  let top = 0;
  const overlays: OverlayOptions[] = [];
  for (const block of blocks) {
    overlays.push(...(await block.draw(top)));
    top += block.height;
  }
  const sheet = sharp({ create: { width: sheetWidth, height: top + margin, channels: 3, background: paper } });
  return { png: await sheet.composite(overlays).removeAlpha().png({ compressionLevel: 9 }).toBuffer(), left };
}

function rowsOf({ train, validation = [], test }: Category): Row[] {
  const defects = [...new Set(test.filter(({ anomalous }) => anomalous).map(({ defect }) => defect))];
  const row = (label: string, colour: string, images: readonly (ImageRef | LabelledImage)[]): Row[] =>
    images.length ? [{ label, colour, images, note: `${images.length} image${images.length === 1 ? '' : 's'}` }] : [];
  return [
    ...row('train', '#2da44e', train),
    ...row('validation', '#0969da', validation),
    ...row('test: good', '#2da44e', test.filter(({ anomalous }) => !anomalous)),
    ...defects.flatMap((defect) => {
      const images = test.filter((image) => image.anomalous && image.defect === defect);
      const bare = images.filter(({ mask }) => !mask).length;
      return row(defect, '#cf222e', images).map((r) => (bare ? { ...r, note: `${r.note}, ${bare} without mask` } : r));
    }),
  ];
}

function title(root: string, layout: string, categories: readonly Category[]): Block {
  const name = root.split(/[/\\]/).filter(Boolean).at(-1) ?? root;
  const images = categories.reduce((sum, { train, validation = [], test }) => sum + train.length + validation.length + test.length, 0);
  const said = `layout ${layout} · ${categories.length} categor${categories.length === 1 ? 'y' : 'ies'} · ${images} images · outlines show the masks`;
  return {
    height: titleHeight,
    draw: async (top) => [
      svg(top, titleHeight, `${text(name, margin, 36, 21, ink, 700)}${text(said, margin, 56, 12, faint)}`),
    ],
  };
}

function heading({ name }: Category): Block {
  const rule = `<rect x="${margin}" y="16" width="${sheetWidth - 2 * margin}" height="1" fill="${line}"/>`;
  return { height: headingHeight, draw: async (top) => [svg(top, headingHeight, `${rule}${text(name, margin, 42, 16, ink, 700)}`)] };
}

function drawnRow({ label, note, colour, images }: Row): Block {
  const shown = spread(images, perRow).map((image) => ({ image, size: sizeWithin([image.height, image.width], cell) }));
  const tallest = Math.max(leastImageHeight, ...shown.map(({ size }) => size[0]));
  return {
    height: tallest + nameHeight,
    async draw(top) {
      const thumbs: OverlayOptions[] = [];
      let labels =
        `<rect x="${margin}" y="2" width="4" height="${tallest - 2}" rx="2" fill="${colour}"/>` +
        wrapped(label, 15).map((part, i) => text(part, margin + 14, 20 + i * 17, 13, ink, 600)).join('') +
        wrapped(note, 20).map((part, i) => text(part, margin + 14, 22 + 17 * wrapped(label, 15).length + i * 14, 11, faint)).join('');
      for (const [i, { image, size }] of shown.entries()) {
        const x = margin + labelWidth + i * (cell + gap);
        const data = await thumbnail(image, size);
        const [height, width] = size;
        thumbs.push({ input: Buffer.from(data.buffer, data.byteOffset, data.byteLength), raw: { width, height, channels: 3 }, left: x + Math.floor((cell - width) / 2), top: top + Math.floor((tallest - height) / 2) });
        labels += text(shortened(image.path.split('/').at(-1)!, 27), x + cell / 2, tallest + 14, 9.5, faint, 400, 'middle');
      }
      return [svg(top, tallest + nameHeight, labels), ...thumbs];
    },
  };
}

/** An image within a cell, RGB, with the outline of its mask. */
async function thumbnail(image: ImageRef | LabelledImage, size: Size): Promise<Uint8Array> {
  const data = wholeAt(await readPixels(image.file), size);
  const mask = 'mask' in image ? image.mask : null;
  if (mask) {
    const marked = markedAt(await readMask(filesOfMask(mask)), size);
    for (const i of edgeOf(marked, size)) data.set(outline, i * 3);
  }
  return data;
}

/** Pixels just outside of what is marked, and those of marks at the border of the image. */
function edgeOf(marked: Uint8Array, [height, width]: Size): number[] {
  const isMarked = (y: number, x: number): boolean => y >= 0 && x >= 0 && y < height && x < width && marked[y * width + x] === 1;
  const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dy, dx] as const));
  const edge: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isBorder = y === 0 || x === 0 || y === height - 1 || x === width - 1;
      if (isMarked(y, x) ? isBorder : around.some(([dy, dx]) => isMarked(y + dy, x + dx))) edge.push(y * width + x);
    }
  }
  return edge;
}

/** So many of a list, at equal distances, first and last among them. */
export function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]!);
}

function svg(top: number, height: number, content: string): OverlayOptions {
  return { input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${sheetWidth}" height="${height}">${content}</svg>`), left: 0, top };
}

function text(content: string, x: number, y: number, size: number, fill: string, weight = 400, anchor = 'start'): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}" ${font}>${escaped(content)}</text>`;
}

/** Control characters and halves of pairs are no XML, whatever a file is called. */
function escaped(content: string): string {
  const whole = Buffer.from(content).toString();
  // eslint-disable-next-line no-control-regex -- those are what is taken out
  return whole.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, '\ufffd').replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function shortened(name: string, most: number): string {
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, most - 9).join('')}…${letters.slice(-8).join('')}`;
}

/** Lines of a few letters, broken at blanks and underscores where that can be; three at most. */
function wrapped(label: string, most: number): string[] {
  const lines: string[] = [''];
  for (const word of shortened(label, most * 3 - 3).split(/(?<=[ _-])/)) {
    for (let rest = word; rest; rest = rest.slice(most)) {
      const part = rest.slice(0, most);
      if (lines.at(-1)!.length + part.trimEnd().length > most) lines.push(part);
      else lines[lines.length - 1] += part;
    }
  }
  return lines.slice(0, 3);
}
