import type { MountViewer, ViewerInput } from 'stillroom/sdk';

/**
 * A viewer of the editor: runs in a sandboxed frame, sees what it is given and nothing else. What it is built to must be
 * one module without imports; imports of types leave nothing behind.
 */

export interface Peak {
  x: number;
  y: number;
  value: number;
}

const most = 5;

/** The highest values of a map that are highest within their neighbourhood, the highest first; at most `count`. */
export function peaksOf(data: Float32Array, width: number, height: number, { count = most, reach = 4 } = {}): Peak[] {
  const found: Peak[] = [];
  const order = Array.from(data.keys()).sort((a, b) => data[b]! - data[a]!);
  for (const i of order) {
    if (found.length === count) break;
    const [x, y] = [i % width, Math.floor(i / width)];
    if (y < height && found.every((peak) => Math.max(Math.abs(peak.x - x), Math.abs(peak.y - y)) > reach)) found.push({ x, y, value: data[i]! });
  }
  return found;
}

/** The image, or else the map in grey, with rings round the peaks, and a list of them. */
const mount: MountViewer = (root) => {
  root.style.cssText = 'display: grid; gap: 6px; font: 13px system-ui; color: var(--text)';
  const canvas = root.appendChild(document.createElement('canvas'));
  canvas.style.cssText = 'width: 100%; image-rendering: pixelated';
  canvas.setAttribute('role', 'img');
  const list = root.appendChild(document.createElement('ol'));
  list.style.cssText = 'margin: 0; padding-left: 20px';
  return {
    show({ data, shape, image }) {
      const [height = 1, width = 1] = shape;
      const peaks = peaksOf(data, width, height, { reach: Math.round(Math.max(width, height) / 20) });
      Object.assign(canvas, image ? { width: image.width, height: image.height } : { width, height });
      const pen = canvas.getContext('2d')!;
      pen.putImageData(image ? new ImageData(new Uint8ClampedArray(image.data), image.width, image.height) : inGrey(data, width, height), 0, 0);
      pen.lineWidth = canvas.width / 150;
      pen.strokeStyle = '#ff3c3c';
      for (const { x, y } of peaks) {
        pen.beginPath();
        pen.arc(((x + 0.5) * canvas.width) / width, ((y + 0.5) * canvas.height) / height, canvas.width / 25, 0, 2 * Math.PI);
        pen.stroke();
      }
      list.replaceChildren(...peaks.map(({ x, y, value }) => item(`${value.toPrecision(3)} at ${x}, ${y}`)));
      canvas.setAttribute('aria-label', `The ${peaks.length} highest peaks of the map`);
    },
  };
};
export default mount;

function item(text: string): HTMLLIElement {
  return Object.assign(document.createElement('li'), { textContent: text });
}

function inGrey(data: ViewerInput['data'], width: number, height: number): ImageData {
  const [low, high] = [Math.min(...data), Math.max(...data)];
  const pixels = new ImageData(width, height);
  data.forEach((value, i) => pixels.data.set([0, 1, 2].map(() => (255 * (value - low)) / (high - low || 1)).concat(255), 4 * i));
  return pixels;
}
