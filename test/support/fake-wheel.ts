import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Recipe } from '../../server/engine/wheels.ts';
import { zip } from './zip.ts';

const fixtures = fileURLToPath(new URL('../fixtures/engine/', import.meta.url));
const include = 'tensorflow/include/tensorflow/c/c_api.h';

export interface FakeWheel {
  /** The wheel on disk. */
  file: string;
  bytes: number;
  sha256: string;
  /** TensorFlow's library that is in it. */
  library: string;
  header: string;
}

/** Makes a wheel of a few kilobytes that holds a library, a header and something that is not wanted. */
export function makeFakeWheel(directory: string): FakeWheel {
  mkdirSync(directory, { recursive: true });
  const library = join(directory, 'libtensorflow_cc.so.2');
  const source = join(fixtures, 'fake-tensorflow.cc');
  const args = ['-shared', '-fPIC', '-Wl,-soname,libtensorflow_cc.so.2', source, '-o', library];
  const { status, stderr } = spawnSync('c++', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const header = join(fixtures, 'c_api.h');
  const wheel = zip({
    'tensorflow/__init__.py': Buffer.from('# not wanted'),
    'tensorflow/libtensorflow_cc.so.2': readFileSync(library),
    [include]: readFileSync(header),
  });
  const file = join(directory, 'tensorflow_fake-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl');
  writeFileSync(file, wheel);
  return { file, bytes: wheel.length, sha256: createHash('sha256').update(wheel).digest('hex'), library, header };
}

/** The recipe for an engine from that wheel. */
export function fakeRecipe({ bytes, sha256 }: Pick<FakeWheel, 'bytes' | 'sha256'>): Recipe {
  return {
    key: '9.9.9-fake',
    version: '9.9.9',
    variant: 'cpu',
    bytes: 1e6,
    sources: [join(fixtures, 'binding', 'fake_binding.cc')],
    wheels: [
      {
        requirement: 'tensorflow-fake==9.9.9',
        file: 'tensorflow_fake-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl',
        sha256,
        bytes,
        platforms: ['manylinux_2_27_x86_64'],
        take: [
          { path: /^tensorflow\/(libtensorflow_cc\.so\.2)$/, to: 'lib/$1' },
          { path: /^tensorflow\/include\/(.*\.h)$/, to: 'include/$1' },
        ],
      },
    ],
  };
}

/** Folder that puts the fake pip before the real one when it is on PYTHONPATH. */
export const fakePip = join(fixtures, 'fake-pip');
