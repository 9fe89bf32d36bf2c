import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { main } from '../../../server/cli/main.ts';
import { findEngine } from '../../../server/engine/find.ts';

export interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

const bin = fileURLToPath(new URL('../../../server/cli/bin.js', import.meta.url));
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** The `stillroom` command, with state and cache of its own and the engine of this machine. */
export class Stillroom {
  readonly home: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(home: string, env: NodeJS.ProcessEnv = {}) {
    this.home = home;
    this.#env = { STILLROOM_ENGINE: engineDirectory(), ...env };
  }

  /** Starts the command as a user does. */
  start(...args: string[]): { child: ChildProcess; outcome: Promise<Outcome> } {
    return this.#spawn(args, 'ignore');
  }

  /** The same with its standard input open. */
  startReading(...args: string[]): { child: ChildProcess; outcome: Promise<Outcome> } {
    return this.#spawn(args, 'pipe');
  }

  #spawn(args: readonly string[], input: 'ignore' | 'pipe'): { child: ChildProcess; outcome: Promise<Outcome> } {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: repository,
      env: { ...process.env, ...this.#environment() },
      stdio: [input, 'pipe', 'pipe'],
    });
    const told = { out: '', err: '' };
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (told.out += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (told.err += text));
    const outcome = new Promise<Outcome>((resolve) => child.once('close', (code) => resolve({ code, ...told })));
    return { child, outcome };
  }

  /** Starts the command and waits until it ends. */
  run(...args: string[]): Promise<Outcome> {
    return this.start(...args).outcome;
  }

  /** The same in this process, which saves a second; for what loads no engine. */
  async call(...args: string[]): Promise<Outcome> {
    const told = { out: '', err: '' };
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((told.out += String(text)), true));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((told.err += String(text)), true));
    for (const [name, value] of Object.entries(this.#environment())) vi.stubEnv(name, value);
    try {
      process.exitCode = 0;
      await main([process.execPath, bin, ...args]);
      return { code: Number(process.exitCode), ...told };
    } finally {
      process.exitCode = 0;
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
    }
  }

  #environment(): NodeJS.ProcessEnv {
    return { STILLROOM_HOME: this.home, STILLROOM_CACHE: '', ...this.#env };
  }
}

function engineDirectory(): string {
  try {
    return findEngine()?.directory ?? '';
  } catch {
    return '';
  }
}

/** Standard output as the one JSON document that it must be. */
export function json<T>({ out }: Outcome): T {
  expect(out, 'one JSON document').toMatch(/^[{[][^]*[}\]]\n$/);
  return JSON.parse(out) as T;
}

/** The lines of standard error that tell a problem. */
export function problems({ err }: Outcome): string[] {
  return err.split('\n').filter((line) => /^(error|warning|defect): /.test(line));
}

/** One hash over names and bytes of all files of a folder, or of a file. */
export function hashOf(path: string): string {
  const hash = createHash('sha256');
  if (!existsSync(path)) return 'nothing';
  const names = statSync(path).isFile() ? [''] : readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names) {
    const file = join(path, name);
    hash.update(name);
    if (statSync(file).isFile()) hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}
