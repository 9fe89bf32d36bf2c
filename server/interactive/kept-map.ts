import type { SinkPlan } from '../compiler/plan.ts';
import { readPixels } from '../data/image-file.ts';
import type { Inspection } from '../data/inspection.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { MapFormat } from '../predict/map-file.ts';
import type { ScoredImage } from '../predict/score-images.ts';
import { readSafetensorsContent, writeSafetensors } from '../weights/safetensors.ts';

/** What of an image's map cannot be had again without scoring it. */
interface About {
  file: string;
  height: number;
  width: number;
  inspection: Inspection;
}

/** Keeps the map of a scored image as the graph gave it, to be drawn should anybody want it. */
export async function keepMap(to: string, image: ScoredImage, sink: SinkPlan): Promise<void> {
  const { file, pixels, values } = image;
  const about: About = { file, height: pixels.height, width: pixels.width, inspection: image.inspection(sink) };
  await writeSafetensors(to, new Map([['map', values.get(sink)!]]), { about: JSON.stringify(about) });
}

/** The scored image as far as drawing its map needs it. Throws `image-changed`, and what reading the image throws. */
export async function keptImage(from: string, sink: SinkPlan, format: MapFormat): Promise<ScoredImage> {
  const { tensors, metadata } = await readSafetensorsContent(from);
  const { file, height, width, inspection } = JSON.parse(metadata['about']!) as About;
  const pixels = format === 'png' ? await readPixels(file) : { data: new Uint8Array(0), height, width, channels: 3 };
  if (pixels.height !== height || pixels.width !== width) {
    throw new StillroomError('image-changed', `expected the image as it was scored, ${width}×${height} px, found ${pixels.width}×${pixels.height}`, {
      file,
      hint: 'score it again',
    });
  }
  return { file, pixels, values: new Map([[sink, tensors.get('map')!]]), inspection: () => inspection };
}
