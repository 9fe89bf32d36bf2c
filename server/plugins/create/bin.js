#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { createPlugin, licences, ScaffoldProblem } from './scaffold.js';

const help = `Usage: npm create stillroom-plugin DIR -- [options]

Begins a plugin of Stillroom in a folder: a node, a viewer, tests.

  --name NAME        what npm calls it (default: the name of the folder)
  --title TITLE      what people read
  --licence LICENCE  ${licences.join(', ')} (default: MIT)
  --stillroom RANGE  versions of Stillroom that it is developed with, or file:FOLDER
  --json             write one JSON document to standard output
`;
const text = { type: 'string' };
const flag = { type: 'boolean' };

class Usage extends Error {
  code = 'bad-usage';
  hint = '--help shows what it takes';
}

function asked() {
  try {
    return parseArgs({ allowPositionals: true, options: { name: text, title: text, licence: text, stillroom: text, json: flag, help: { ...flag, short: 'h' } } });
  } catch (error) {
    throw new Usage(error.message);
  }
}

async function main() {
  const { values, positionals } = asked();
  if (values.help) return process.stdout.write(help);
  if (positionals.length !== 1) throw new Usage(`expected one folder, found ${positionals.length}`);
  if (values.licence !== undefined && !licences.includes(values.licence)) throw new Usage(`expected --licence to be one of ${licences.join(', ')}, found ${values.licence}`);
  const { json, help: _, ...options } = values;
  const created = await createPlugin(positionals[0], options);
  if (json) return process.stdout.write(`${JSON.stringify(created, null, 2)}\n`);
  process.stdout.write(`${created.name} is in ${created.folder}. To see it at work:\n\n  cd ${positionals[0]}\n  npm install\n  npm start\n`);
}

main().catch((error) => {
  const isKnown = error instanceof ScaffoldProblem || error instanceof Usage;
  const { message, code = 'defect', hint } = error;
  process.exitCode = error instanceof Usage ? 2 : 1;
  process.stderr.write(isKnown ? `error: ${message} (${hint})\n` : `${error.stack}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { code, message, ...(hint ? { hint } : {}) } }, null, 2)}\n`);
});
