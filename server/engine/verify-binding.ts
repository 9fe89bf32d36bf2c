import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { bindingFile } from './location.ts';

/**
 * Loads a binding in a process of its own and returns TensorFlow's version: what cannot be loaded (a C library that is
 * too old, a processor without the instructions, a missing file) shows here and ends nothing else.
 */
export async function verifyBinding(directory: string): Promise<string> {
  const script = 'process.stdout.write(String(require(process.argv[1]).TF_Version))';
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_OPTIONS: '' };
  const child = spawn(process.execPath, ['-e', script, join(directory, bindingFile)], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let version = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (version += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [status, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject).once('close', (code, by) => resolve([code, by]));
  });
  if (status === 0 && version) return version;
  const found = said.split('\n').find((line) => /^\w*Error: /.test(line)) ?? (signal ? `ended by ${signal}` : said.trim());
  throw new StillroomError('engine-broken', `expected the engine to load, found: ${found}`, {
    file: directory,
    hint: 'see that this machine has the C library and the processor that TensorFlow needs (glibc 2.27, AVX)',
  });
}
