import type { MountViewer, ViewerInput } from 'stillroom/sdk';

/** Less than this, of 0–1, is no change. */
const least = 0.004;

/** The image as it flows here, what was painted into it outlined, and how much of it that is. */
const mount: MountViewer = (root) => {
  root.style.cssText = 'display: grid; gap: 6px';
  const canvas = root.appendChild(document.createElement('canvas'));
  canvas.style.cssText = 'width: 100%; image-rendering: pixelated';
  canvas.setAttribute('role', 'img');
  const told = root.appendChild(document.createElement('p'));
  told.style.cssText = 'margin: 0';
  return {
    show({ data, shape, image }) {
      const [height = 1, width = 1, channels = 1] = shape;
      Object.assign(canvas, { width, height });
      const changed = changedPixels(data, channels, image, width * height);
      const pixels = new ImageData(width, height);
      for (let i = 0; i < width * height; i++) {
        const isEdge = changed !== null && changed[i] === 1 && isAtEdge(changed, i, width, height);
        for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = isEdge ? [255, 60, 60][c]! : 255 * (data[channels * i + Math.min(c, channels - 1)] ?? 0);
        pixels.data[4 * i + 3] = 255;
      }
      canvas.getContext('2d')!.putImageData(pixels, 0, 0);
      const share = changed === null ? null : changed.reduce((sum, one) => sum + one, 0) / changed.length;
      told.textContent = share === null ? 'No image lies above this socket.' : share === 0 ? 'Nothing is painted into this image.' : `Painted: ${(100 * share).toFixed(1)} % of the image.`;
      canvas.setAttribute('aria-label', told.textContent);
    },
  };
};
export default mount;

function changedPixels(data: Float32Array, channels: number, image: ViewerInput['image'], pixels: number): Uint8Array | null {
  if (image === null || image.width * image.height !== pixels || channels < 3) return null;
  return Uint8Array.from({ length: pixels }, (_, i) => ([0, 1, 2].some((c) => Math.abs(data[channels * i + c]! - image.data[4 * i + c]! / 255) > least) ? 1 : 0));
}

function isAtEdge(changed: Uint8Array, i: number, width: number, height: number): boolean {
  const [x, y] = [i % width, Math.floor(i / width)];
  return [[-1, 0], [1, 0], [0, -1], [0, 1]].some(([dx, dy]) => {
    const [nx, ny] = [x + dx!, y + dy!];
    return nx < 0 || ny < 0 || nx >= width || ny >= height || changed[ny * width + nx] === 0;
  });
}
