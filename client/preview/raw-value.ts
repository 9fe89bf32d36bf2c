/** Reads an array of float32 numbers as NumPy keeps it (NEP 1), as the API sends values that are asked for as they are. */
export function readNpy(bytes: ArrayBuffer): { shape: number[]; data: Float32Array } {
  const view = new DataView(bytes);
  const isOne = view.getUint8(6) === 1;
  const begin = isOne ? 10 : 12;
  const length = isOne ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = new TextDecoder('latin1').decode(new Uint8Array(bytes, begin, length));
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1];
  if (shape === undefined || !header.includes("'<f4'")) throw new Error(`expected float32 numbers, found ${header.trim()}`);
  return { shape: shape.split(',').map((one) => one.trim()).filter(Boolean).map(Number), data: new Float32Array(bytes.slice(begin + length)) };
}

/** The pixels of a picture, RGBA. */
export async function readPixels(url: string): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}
