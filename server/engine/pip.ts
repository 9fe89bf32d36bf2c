import { spawn, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { watchLargestFile } from './watch-growth.ts';
import type { Wheel } from './wheels.ts';

/**
 * Runs pip in a Python that ends when its standard input does: pip must not go on fetching when the process that
 * started it has been killed.
 */
const tethered = `
import os, runpy, sys, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()
sys.argv[0] = 'pip'
runpy.run_module('pip', run_name='__main__', alter_sys=True)
`;

/** A Python on the path that has pip, of whatever version; undefined where there is none. */
export function findPip(): string | undefined {
  return ['python3', 'python'].find((python) => {
    const { status } = spawnSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' });
    return status === 0;
  });
}

/**
 * Has pip put one wheel into a directory, with the user's own index, proxy and mirror settings. Nothing is written
 * elsewhere: pip's temporary files go into the same directory and its cache is off.
 */
export async function pipDownload(
  python: string,
  wheel: Wheel,
  directory: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { recursive: true });
  const [python_, abi] = pythonTags(wheel.file);
  const args = [
    ...['-c', tethered, 'download', wheel.requirement, '--dest', directory, '--no-deps', '--only-binary', ':all:'],
    ...['--python-version', python_, '--implementation', abi === 'none' ? 'py' : 'cp', '--abi', abi],
    ...wheel.platforms.flatMap((platform) => ['--platform', platform]),
    ...['--no-cache-dir', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off', '--quiet'],
  ];
  const env = {
    ...process.env,
    ...{ TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    PIP_REQUIRE_VIRTUALENV: '0',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const child = spawn(python, args, { cwd: directory, env, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-8000)));
  // pip writes the file under a temporary name and copies it when it is whole.
  const stopWatching = watchLargestFile(directory, onBytes);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    if (status !== 0) throw pipFailed(wheel, said, directory);
  } finally {
    stopWatching();
  }
}

function pythonTags(file: string): [version: string, abi: string] {
  const [, , python = 'py3', abi = 'none'] = file.split('-');
  return [abi === 'none' ? '3' : python.replace(/\D/g, ''), abi];
}

function pipFailed(wheel: Wheel, said: string, directory: string): StillroomError {
  if (/No space left on device|Errno 28/.test(said)) {
    return new StillroomError('disk-full', `expected room for ${wheel.file}, found the disk full`, {
      file: directory,
      hint: 'free some space, or set STILLROOM_CACHE to a directory on another disk, and run the same again',
    });
  }
  const lines = said.split('\n').map((line) => line.trim()).filter(Boolean);
  const last = lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? 'nothing said';
  return new StillroomError('engine-download-failed', `expected pip to fetch ${wheel.requirement}, found: ${last}`, {
    hint: `see that \`python3 -m pip download ${wheel.requirement}\` works here, or name a directory that holds ${wheel.file}: \`stillroom engine install --from DIR\``,
  });
}
