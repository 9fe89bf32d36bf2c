import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createRandom, type WeightArray, type WeightReader, type WeightsFile } from '../../plugins/sdk/index.ts';
import { difference } from './compare.ts';
import { Findings, reasonOf, type Finding } from './finding.ts';

/** First bytes of files that are of other formats: safetensors, a zip, a pickle, NumPy's, and none at all. */
const others: Record<string, readonly number[]> = {
  'a file of safetensors': [0x40, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22],
  'a zip': [0x50, 0x4b, 3, 4, 20, 0],
  'a pickle': [0x80, 2, 0x8a, 10],
  'a .npy file': [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0],
  'an empty file': [],
};

/** Holds a reader of weights to its rules: on the example that it gives, and on files of other formats. */
export async function checkReader(reader: WeightReader, seed = 0): Promise<Finding[]> {
  const findings = new Findings(reader.name);
  const { uniform } = createRandom('readers', seed, reader.name);
  const noise = Array.from({ length: 64 }, () => Math.floor(uniform() * 256));
  for (const [what, start] of Object.entries({ ...others, 'a file of noise': noise })) {
    if (recognises(reader, Uint8Array.from(start), what, findings)) {
      findings.add('reader-recognises', `expected \`recognises\` to leave alone ${what}, found that it takes it`, 'ask for the bytes that every file of the format begins with');
    }
  }
  if (reader.example) await checkExample(reader, reader.example.bind(reader), findings);
  return findings.list;
}

async function checkExample(reader: WeightReader, give: () => { bytes: Uint8Array; tensors: ReadonlyMap<string, WeightArray> }, findings: Findings): Promise<void> {
  const wrong = (message: string, about = ''): void => findings.add('reader-reads', message, 'bring `read` and `example` together', about);
  try {
    const { bytes, tensors } = give();
    if (recognises(reader, bytes.slice(0, 64), 'its example', findings) === false) {
      findings.add('reader-recognises', 'expected `recognises` to recognise the example, found that it does not', 'bring `recognises` and `example` together', 'example');
    }
    const found = await readFrom(reader, bytes);
    if (!(found instanceof Map)) return wrong(`expected \`read\` to give a Map, found ${typeof found}`);
    const [expected, given] = [[...tensors.keys()], [...found.keys()]];
    if (expected.join() !== given.join()) return wrong(`expected the arrays ${expected.join(', ')} of the example, found ${given.join(', ') || 'none'}`);
    const differs = difference(Object.fromEntries(tensors), Object.fromEntries(found as Map<string, WeightArray>), 0);
    if (differs !== undefined) wrong(`expected what the example has, found that ${differs}`);
  } catch (error) {
    wrong(`expected \`read\` to read the example, found that it failed: ${reasonOf(error)}`);
  }
}

function recognises(reader: WeightReader, start: Uint8Array, what: string, findings: Findings): boolean | undefined {
  try {
    const found: unknown = reader.recognises(start);
    if (typeof found === 'boolean') return found;
    findings.add('reader-recognises', `expected \`recognises\` to give true or false, found ${typeof found} of ${what}`, 'compare, and give what comes of it', 'answer');
  } catch (error) {
    findings.add('reader-recognises', `expected \`recognises\` to say of any file whether it is of the format, found that it failed of ${what}: ${reasonOf(error)}`, 'a file may have any bytes, or none', 'answer');
  }
  return undefined;
}

/** It may ask for bytes, or open the file itself. */
async function readFrom(reader: WeightReader, bytes: Uint8Array): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'stillroom-example-'));
  const path = join(folder, `example${reader.extensions[0] ?? ''}`);
  try {
    await writeFile(path, bytes);
    const file: WeightsFile = { name: basename(path), path, size: bytes.length, bytes: async (from = 0, length = bytes.length - from) => bytes.slice(from, from + length) };
    return await reader.read(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
