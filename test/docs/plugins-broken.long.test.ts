import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokenPage, findingsTable, misdeedsTable, openFixtures, unloadable, unloadableTable } from '../support/broken-plugins.ts';
import { engineNeed } from '../support/eager-node.ts';
import { describeWith } from '../support/needs.ts';
import { fixture } from '../support/plugins.ts';

const text = readFileSync(brokenPage, 'utf8');
const tableOf = (name: string): string[] => new RegExp(`<!-- ${name} -->\n\n(.*?)\n\n<!-- /${name} -->`, 's').exec(text)![1]!.split('\n');

/** `npx tsx test/support/broken-plugins.ts` writes the page’s tables anew. */
describe('docs/plugins-broken.md', () => {
  it('says of each plugin that cannot be loaded what is said of it', async () => {
    expect(tableOf('unloadable')).toEqual((await unloadableTable()).split('\n'));
  });

  it('says of each misdeed what is said of it, and what becomes of the plugin', async () => {
    expect(tableOf('misdeeds')).toEqual((await misdeedsTable()).split('\n'));
  });

  it('leaves out no fixture that cannot be loaded', async () => {
    const others = readdirSync(fixture('')).filter((name) => !Object.hasOwn(unloadable, name) && existsSync(join(fixture(name), 'package.json')));
    const plugins = await openFixtures(others);
    expect(plugins.list().flatMap(({ folder, state, why }) => (state === 'on' ? [] : [[folder, why?.message]]))).toEqual([]);
    await plugins.close();
  });
});

describeWith(engineNeed(), 'docs/plugins-broken.md, of the conformance kit', () => {
  it('says what is found in each pack that breaks a rule', async () => {
    expect(tableOf('findings')).toEqual((await findingsTable()).split('\n'));
  });
});
