// What begins a plugin. Plain JavaScript on Node alone: it is also a package of its own, which needs nothing else.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('.', import.meta.url));
const template = join(own, 'template');
/** What files of the template say where the plugin's own name and title belong. */
const standIn = { name: 'stillroom-plugin-name', title: 'Plugin title' };
/** Names that a package may not have as they are: npm leaves `.gitignore` out, and a folder of workflows would be taken for this one's. */
const renamed = { gitignore: '.gitignore', github: '.github' };

export const licences = ['MIT', 'Apache-2.0', 'none'];

export class ScaffoldProblem extends Error {
  constructor(code, message, hint) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

export async function createPlugin(folder, { name = nameOf(folder), title = titleOf(name), licence = 'MIT', stillroom = stillroomAtHand() } = {}) {
  mustBeName(name);
  mustBeFree(folder);
  const put = (text) => text.replaceAll(standIn.name, name).replaceAll(standIn.title, title);
  const files = [];
  const write = async (path, text) => {
    const to = join(folder, path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, text);
    files.push(path);
  };
  for (const path of await filesIn(template)) {
    const text = put(await readFile(join(template, path), 'utf8'));
    await write(path.split('/').map((part) => renamed[part] ?? part).join('/'), path === 'package.json' ? withOwn(text, licence, stillroom) : text);
  }
  if (licence !== 'none') await write('LICENSE', put(await readFile(join(own, 'licences', licence), 'utf8')).replace('YEAR', String(new Date().getFullYear())));
  return { name, title, folder: resolve(folder), licence, stillroom, files: files.sort() };
}

function withOwn(text, licence, stillroom) {
  const told = JSON.parse(text);
  told.license = licence === 'none' ? 'UNLICENSED' : licence;
  told.devDependencies.stillroom = stillroom;
  return `${JSON.stringify(told, null, 2)}\n`;
}

/** That of the folder, with the scope that the folder above it stands for: `@acme/peaks`. */
function nameOf(folder) {
  const [above, own] = [basename(dirname(resolve(folder))), basename(resolve(folder))];
  return (above.startsWith('@') ? `${above}/${own}` : own).toLowerCase();
}
/** `@acme/stillroom-small-peaks` → `Small peaks`. */
function titleOf(name) {
  const words = name.replace(/^@[^/]*\//, '').replace(/^stillroom-(plugin-)?/, '').replaceAll(/[-_.]+/g, ' ').trim() || name;
  return words[0].toUpperCase() + words.slice(1);
}

function mustBeName(name) {
  const isName = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= 214 && !/^(node_modules|favicon\.ico|stillroom)$/.test(name);
  if (isName) return;
  throw new ScaffoldProblem('plugin-name-invalid', `expected a name that npm takes, in lower case, such as "stillroom-small-peaks" or "@acme/peaks", found ${JSON.stringify(name.slice(0, 214))}`, 'name it by --name');
}

function mustBeFree(folder) {
  if (!existsSync(folder)) return;
  const there = list(folder).filter((name) => name !== '.git');
  if (there.length === 0) return;
  throw new ScaffoldProblem('folder-not-empty', `expected an empty folder, or none, found ${there[0]}${there.length > 1 ? ` and ${there.length - 1} more` : ''} in it`, 'name another folder');
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [`a file of the name ${basename(folder)}`];
  }
}

/** The checkout that this file lies in; as a package of its own, versions of Stillroom that fit it. */
function stillroomAtHand() {
  const root = resolve(own, '../../..');
  if (!own.includes(`${join('/', 'node_modules', '/')}`) && existsSync(join(root, 'package.json'))) {
    if (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name === 'stillroom') return `file:${root}`;
  }
  return `^${JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')).version}`;
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => relative(folder, join(one.parentPath ?? one.path, one.name)).replaceAll('\\', '/')).sort();
}
