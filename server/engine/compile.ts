import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { bindingFile } from './location.ts';
import { quietFile } from './quiet.ts';

export interface Compiled {
  /** The compiler's own words for what it is. */
  compiler: string;
  /** As run in the engine's directory. */
  command: string;
}

/** The C++ compiler: `$CXX` (arguments allowed, as make has it), else what the system calls by the usual names. */
export function findCompiler(): { command: string[]; version: string } | undefined {
  const named = process.env['CXX']?.trim();
  const candidates = named ? [named.split(/\s+/)] : [['c++'], ['g++'], ['clang++']];
  for (const command of candidates) {
    const [program = '', ...args] = command;
    const { status, stdout } = spawnSync(program, [...args, '--version'], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.split('\n')[0] ?? program };
  }
  return undefined;
}

/** The error where there is no compiler, naming what to install; also asked before anything is fetched. */
export function noCompiler(): StillroomError {
  const named = process.env['CXX'];
  const message = named
    ? `expected the C++ compiler that CXX names, found none that runs as \`${named}\``
    : 'expected a C++ compiler to build the binding to TensorFlow, found none';
  const hint = {
    linux: 'install one: `apt-get install g++` (Debian, Ubuntu), `dnf install gcc-c++` (Fedora), `apk add g++` (Alpine)',
    darwin: 'install one: `xcode-select --install`',
  }[process.platform as string];
  return new StillroomError('engine-no-compiler', message, { hint: hint ?? 'install a C++17 compiler and set CXX to it' });
}

/**
 * Compiles the N-API binding of `@tensorflow/tfjs-node-gpu` against the libraries in `directory/lib` and the headers in
 * `directory/include`, and `native/quiet.cc` beside it; takes about ten seconds. The package's own build goes through
 * node-gyp, which fetches Node's headers and writes into the package; N-API needs neither.
 */
export async function compileBinding(directory: string, sources = bindingSources()): Promise<Compiled> {
  const compiler = findCompiler();
  if (!compiler) throw noCompiler();
  const libraries = (await readdir(join(directory, 'lib'))).filter((name) => /^libtensorflow.*\.(so\.2|2\.dylib)$/.test(name));
  const include = ['-I', 'include', '-I', dirname(dirname(sources[0] ?? ''))];
  const link = [...libraries.map((name) => `lib/${name}`), ...findBesideIt];
  await run(compiler, [...shared, fileURLToPath(new URL('native/quiet.cc', import.meta.url)), '-o', quietFile], directory);
  const command = [...shared, ...include, ...sources, ...link, '-o', bindingFile];
  await run(compiler, command, directory);
  return { compiler: compiler.version, command: [...compiler.command, ...command].join(' ') };
}

const mac = process.platform === 'darwin';
const napiHeaders = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
const shared = [
  ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-I', napiHeaders],
  ...(mac ? ['-undefined', 'dynamic_lookup'] : []),
];
// DT_RPATH rather than RUNPATH: it also holds for what TensorFlow itself opens (CUDA).
const findBesideIt = mac ? ['-Wl,-rpath,@loader_path/lib'] : ['-Wl,--disable-new-dtags', '-Wl,-rpath,$ORIGIN/lib'];

async function run(compiler: { command: string[]; version: string }, args: string[], cwd: string): Promise<void> {
  const [program = '', ...leading] = compiler.command;
  const child = spawn(program, [...leading, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const status = await new Promise<number | null>((done, reject) => child.once('error', reject).once('close', done));
  if (status !== 0) throw compileFailed(compiler.version, said);
}

function bindingSources(): string[] {
  const tfjs = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
  return ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjs, 'binding', name));
}

function compileFailed(compiler: string, said: string): StillroomError {
  if (/No space left on device/.test(said)) {
    return new StillroomError('disk-full', 'expected room to compile the binding, found the disk full', {
      hint: 'free some space and run the same again',
    });
  }
  const line = said.split('\n').find((l) => /error/i.test(l)) ?? said.trim().split('\n').at(-1) ?? 'nothing said';
  return new StillroomError('engine-compile-failed', `expected ${compiler} to compile the binding, found: ${line.trim()}`, {
    hint: 'set CXX to another compiler (C++17) and run the same again',
  });
}
