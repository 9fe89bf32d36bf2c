import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place of a stack, such as `(file:///plugin/index.js:3:9)`. */
const place = /(?<at>(?:file:\/\/|\/|[A-Za-z]:[\\/])[^\s()]*?):(?<line>\d+)(?::(?<column>\d+))?(?=\)|\s|$)/gm;
/** Of code that cannot even be read, no more than so many files are looked through. */
const mostFiles = 40;

/** Where code of a folder threw: `/plugin/src/node.ts:12:5`, as terminals and editors take it; by source maps where they are used. */
export function placeOfError(error: unknown, folder: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const inside = `${realpathSync(folder)}${sep}`;
  for (const { groups } of stack.matchAll(place)) {
    const { at, line, column } = groups as { at: string; line: string; column?: string };
    const file = at.startsWith('file://') ? fileURLToPath(at) : at;
    if (file.startsWith(inside) && !file.slice(inside.length).includes('node_modules')) return [file, line, column].filter(Boolean).join(':');
  }
  return undefined;
}

/** Of a syntax error, whose stack says nothing of the file: the first module beside this one that cannot be read. */
export function placeOfSyntaxError(error: unknown, module: string): string | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const folder = dirname(module);
  const modules = readdirSync(folder).filter((name) => /\.m?js$/.test(name) && extname(name) === extname(module));
  for (const file of new Set([module, ...modules.slice(0, mostFiles).map((name) => join(folder, name))])) {
    const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 2000 });
    if (status !== 0) return placeOfFirstLine(stderr, file);
  }
  return undefined;
}

function placeOfFirstLine(told: string, file: string): string {
  const [first = ''] = told.split('\n');
  const line = /:(\d+)$/.exec(first)?.[1];
  return line === undefined ? file : `${file}:${line}`;
}
