import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../../../server/compiler/check.ts';
import { parseGraph } from '../../../../server/graph/parse.ts';
import { createRegistry } from '../../../../server/graph/registry.ts';
import { builtinPacks } from '../../../../server/plugins/builtin.ts';
import { RunFolder } from '../../../../server/runs/run-folder.ts';
import { readRun } from '../../../../server/runs/run-record.ts';
import { TensorboardLog } from '../../../../server/runs/tensorboard/tensorboard-log.ts';
import { tfRecord } from '../../../../server/runs/tensorboard/tf-record.ts';
import { wiringGraph } from '../../../../server/runs/tensorboard/wiring-graph.ts';
import { describeWith, needs } from '../../../support/needs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { recordRun } from '../recorded-run.ts';

const folder = temporaryFolder();

interface Read {
  files: number;
  events: number;
  scalars: Record<string, [step: number, value: number][]>;
  images: Record<string, [step: number, width: number, height: number, sha256: string][]>;
  graph: { name: string; op: string; input: string[]; params: Record<string, string>; shapes: number[][] }[] | null;
}

/** What TensorBoard's own reader finds in folders. */
function readByTensorboard(...folders: string[]): Record<string, Read> {
  const script = fileURLToPath(new URL('read-events.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync('python3', [script, ...folders], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as Record<string, Read>;
}

/** The losses of three epochs, told as a run tells them. */
async function log(path: string, graph: Uint8Array, epochs = 3): Promise<TensorboardLog> {
  const board = new TensorboardLog(new RunFolder(path), graph);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    board.add({ type: 'epoch', category: 'plates', fit: 'fit-shallow', epochs, epoch, trainLoss: 1 / epoch, validationLoss: epoch === 3 ? 0 : 2 / epoch, rate: 0.5 ** epoch, isBest: true });
    board.add({ type: 'step', category: 'plates', fit: 'fit-shallow', epoch, step: epoch, steps: 3, loss: 7, rate: 1 });
  }
  await board.settle();
  return board;
}

const document = parseGraph(readFileSync(new URL('../../../../graphs/shallow.json', import.meta.url), 'utf8')).document!;
const checked = check(document, createRegistry(builtinPacks));
const graph = wiringGraph(checked.nodes.values());

describe('a TFRecord', () => {
  it('"123456789": length, its masked CRC-32C, bytes, their masked CRC-32C', () => {
    const record = tfRecord(Buffer.from('123456789'));
    expect(record).toHaveLength(8 + 4 + 9 + 4);
    expect(record.readBigUInt64LE(0)).toBe(9n);
    expect(record.subarray(12, 21).toString()).toBe('123456789');
    // The check value of CRC-32C (RFC 3720) is e3069283; rotated right by 15 bits it is 2507c60d, and a282ead8 more c78ab0e5.
    expect(record.readUInt32LE(21).toString(16)).toBe('c78ab0e5');
  });
});

describe('event files without a reader', () => {
  it('lie where TensorBoard looks, and are begun anew by a process that goes on', async () => {
    const path = await recordRun(join(folder, 'anew'));
    await log(path, graph, 2);
    const events = join(path, 'plates', 'events');
    writeFileSync(join(events, 'events.out.tfevents.1.of-an-earlier-process'), 'half a rec');
    writeFileSync(join(events, 'notes.txt'), 'mine');
    await log(path, graph, 3);
    expect(readdirSync(events).sort()).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d{10}\.stillroom$/), 'notes.txt']);
    expect(readdirSync(path).filter((name) => name.includes('tfevents'))).toHaveLength(1);
  });

  it('in a folder that cannot be written: told when it is settled', async () => {
    const path = await recordRun(join(folder, 'spoilt'));
    writeFileSync(join(path, 'plates', 'events'), 'a file in its way');
    await expect(log(path, graph)).rejects.toMatchObject({ code: 'cannot-write' });
  });
});

describeWith(needs.python('tensorboard'), 'event files by TensorBoard’s own reader', () => {
  let run: string;
  let read: { root: Read; plates: Read };

  beforeAll(async () => {
    run = await recordRun(join(folder, 'run'));
    await log(run, graph, 2);
    const board = await log(run, graph);
    await board.finish(await readRun(run));
    const events = join(run, 'plates', 'events');
    const both = readByTensorboard(run, events);
    read = { root: both[run]!, plates: both[events]! };
  });

  it('losses and rates by epoch, each once though the run was gone on with; a loss of 0 is one', () => {
    const { scalars } = read.plates;
    expect(scalars['loss/fit-shallow/training']).toEqual([[1, 1], [2, 0.5], [3, Math.fround(1 / 3)]]);
    expect(scalars['loss/fit-shallow/validation']).toEqual([[1, 2], [2, 1], [3, 0]]);
    expect(scalars['learning_rate/fit-shallow']).toEqual([[1, 0.5], [2, 0.25], [3, 0.125]]);
    // Version, three epochs, figures, pictures.
    expect(read.plates).toMatchObject({ files: 1, events: 6 });
  });

  it('every metric at the last epoch; what looks at test labels says so', () => {
    const { scalars } = read.plates;
    expect(scalars['detection/imageAuroc']).toEqual([[3, 0.75]]);
    expect(scalars['detection/threshold']).toEqual([[3, 2]]);
    expect(scalars['detection/f1Max (looks at test labels)']).toEqual([[3, Math.fround(0.8)]]);
    expect(Object.keys(scalars).filter((tag) => /f1Max/i.test(tag) && !tag.includes('test labels'))).toEqual([]);
  });

  it('the maps that matter, byte for byte', () => {
    const file = join(run, 'plates', 'maps', 'test', 'blot', '0.png');
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(read.plates.images['Missed defects/plates/test/blot/0.png']).toEqual([[3, 16, 8, hash]]);
    expect(Object.keys(read.plates.images)).toHaveLength(5);
  });

  it('the graph: every node with type, inputs, parameters and shapes', () => {
    const nodes = new Map(read.root.graph!.map((node) => [node.name, node]));
    expect([...nodes.keys()].sort()).toEqual(Object.keys(document.nodes).sort());
    expect(nodes.get('teacher-shallow')).toMatchObject({ op: 'teacher/resnet18', input: ['normalise'] });
    // layer2 is the teacher's second output.
    expect(nodes.get('pool-layer2')).toMatchObject({ op: 'features/pool', input: ['teacher-shallow:1'], shapes: [[-1, 14, 14, 128]] });
    expect(nodes.get('fit-shallow')!.params).toMatchObject({ batch: '8', optimiser: 'adam', learningRate: '0.005' });
    for (const { input } of nodes.values()) for (const end of input) expect(nodes.has(end.replace(/:\d+$/, '')), end).toBe(true);
    expect(read.root.graph!.flatMap(({ input }) => input)).toHaveLength(document.edges.length);
  });
});
