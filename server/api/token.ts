import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';

/** The token of a home's server, made at its first start and the same at every later one, so that browsers stay signed in. */
export async function tokenOf(home: string): Promise<string> {
  const file = join(home, 'server', 'token');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[\w-]{43}$/.test(known)) return known;
  const token = randomBytes(32).toString('base64url');
  await writeFileAtomically(file, async (handle) => {
    await handle.chmod(0o600);
    await handle.writeFile(`${token}\n`);
  });
  return token;
}
