import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { cp, readdir, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { bindingFile } from './location.ts';
import type { OnProgress } from './progress.ts';
import { watchLargestFile } from './watch-growth.ts';

/**
 * Gets the binary that `@tensorflow/tfjs-node-gpu` publishes (TensorFlow 2.9.1), by the package's own install script in
 * a copy of the package, so that `node_modules` may be read-only. The script's host, proxy and mirror variables hold.
 */
export async function installPrebuilt(directory: string, variant: 'cpu' | 'gpu', onProgress: OnProgress): Promise<void> {
  const require = createRequire(import.meta.url);
  const tfjs = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  const copy = join(directory, 'package');
  for (const part of ['package.json', 'scripts', 'binding', 'binding.gyp']) {
    await cp(join(tfjs, part), join(copy, part), { recursive: true });
  }
  const fromTfjs = createRequire(join(tfjs, 'package.json'));
  const preGyp = dirname(fromTfjs.resolve('@mapbox/node-pre-gyp/package.json'));
  const env = {
    ...process.env,
    NODE_PATH: (fromTfjs.resolve.paths('tar') ?? []).join(delimiter),
    PATH: [join(preGyp, 'bin'), process.env['PATH']].join(delimiter),
  };
  const report = (done: number) =>
    onProgress({ stage: 'download', subject: 'the prebuilt library of tfjs-node', done, unit: 'bytes' });
  report(0);
  const child = spawn(process.execPath, [join(copy, 'scripts', 'install.js'), variant, 'download'], {
    cwd: copy,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-8000)));
  const stopWatching = watchLargestFile(copy, report);
  await new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  stopWatching();

  const built = await findBuilt(copy);
  if (!built) {
    const line = said.split('\n').find((text) => /^\s*\w*Error: /.test(text)) ?? said.trim().split('\n').at(-1) ?? 'nothing said';
    throw new StillroomError('engine-download-failed', `expected the prebuilt library of tfjs-node, found: ${line.trim()}`, {
      hint: 'install Python 3 with pip (Debian: `apt-get install python3-pip`), so that TensorFlow’s own package can be used, and run the same again',
    });
  }
  await symlink(relative(directory, built), join(directory, bindingFile));
}

async function findBuilt(copy: string): Promise<string | undefined> {
  const lib = join(copy, 'lib');
  if (!existsSync(lib)) return undefined;
  const versions = (await readdir(lib)).map((name) => join(lib, name, bindingFile));
  return versions.find((path) => existsSync(path));
}
