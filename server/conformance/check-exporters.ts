import { StillroomError, type ExportedNode, type Exporter, type FinishedRun, type Pack } from '../../plugins/sdk/index.ts';
import { describeValue } from '../graph/explain.ts';
import { Findings, reasonOf, type Finding } from './finding.ts';

/** Every exporter of a pack writes a small run; it may refuse it by a StillroomError. */
export async function checkExporters({ exporters = [] }: Pack, plugin?: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const exporter of exporters) found.push(...(await checkExporter(exporter, plugin)));
  return found;
}

export async function checkExporter(exporter: Exporter, plugin?: string): Promise<Finding[]> {
  const { name, title, summary, extensions } = exporter;
  const findings = new Findings(name);
  const add = (message: string, hint: string, about: string): void => findings.add('exporter', message, hint, about);
  if (plugin !== undefined && !name.startsWith(`${plugin}/`)) add(`expected a name that begins with "${plugin}/"`, 'names of a plugin begin with the name of its package', 'name');
  if (!title?.trim()) add('expected a title, found none', 'name what it writes', 'title');
  if (!summary?.trim()) add('expected a summary, found none', 'say in a sentence what it writes', 'summary');
  const endings = Array.isArray(extensions) ? extensions : [];
  const bad = endings.find((ending) => !/^\.[\w.-]+$/.test(ending));
  if (endings.length === 0 || bad !== undefined) add(`expected how its files end, such as ".json", found ${describeValue(bad ?? extensions)}`, 'name each ending with its point', 'extensions');
  const written: string[] = [];
  try {
    await exporter.export(smallRun(), {
      write(path) {
        written.push(path);
        if (!path.split('/').every((part) => /^[^\\:\0]+$/.test(part) && part !== '.' && part !== '..')) add(`expected a path in the export, found ${describeValue(path)}`, 'write below the folder that is given', 'path');
        else if (!endings.some((ending) => path.endsWith(ending))) add(`expected files that end with ${endings.join(' or ')}, found ${describeValue(path)}`, 'name the ending in `extensions`', 'ending');
        return Promise.resolve();
      },
    });
    if (written.length === 0) add('expected something to be written, found nothing', 'write a file, or refuse the run by a StillroomError', 'nothing');
  } catch (error) {
    // To refuse a run in words is right.
    if (!(error instanceof StillroomError)) add(`expected it to write a run, found that it throws: ${reasonOf(error)}`, 'throw a StillroomError that says what is wrong with the run', 'throws');
  }
  return findings.list;
}

/** A finished run of two nodes and two categories. */
function smallRun(): FinishedRun {
  const layer: ExportedNode['weights'] = {
    kernel: { role: 'trainable', shape: [1, 1, 3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    mean: { role: 'statistic', shape: [2], data: Float32Array.of(0.5, -0.5) },
  };
  const nodes = (): Promise<ExportedNode[]> =>
    Promise.resolve([
      { id: 'decode', type: 'acme/decode', title: 'Decode', params: { size: [8, 8] }, weights: {} },
      { id: 'net/layer', type: 'acme/layer', title: 'Layer', params: {}, weights: structuredClone(layer) },
    ]);
  const metrics = { imageAuroc: 0.9, pixelAuroc: null, aupro: null, results: { detection: { imageAuroc: 0.9 } }, thresholds: {}, notes: [] };
  return {
    name: 'small',
    graph: { stillroom: 1, name: 'Small', nodes: { decode: { type: 'acme/decode', version: 1 }, net: { type: 'acme/layer', version: 1 } }, edges: [{ from: 'decode.images', to: 'net.images' }] },
    manifest: { status: 'done', identity: '0'.repeat(64), seed: 0, graph: { name: 'Small' } },
    categories: ['bottle', 'metal nut'].map((name) => ({ name, metrics, nodes })),
  };
}
