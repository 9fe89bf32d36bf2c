import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import { manifestJsonSchema, readPluginPackage } from '../../../server/plugins/manifest.ts';

const manifest = { manifest: 1, api: '^1.0.0', packs: ['./index.js'] };
const packaged = (change: object = {}, stillroom: object = manifest): string =>
  JSON.stringify({ name: '@acme/tint', version: '1.2.0', keywords: ['stillroom-plugin'], stillroom, ...change });

function problemOf(text: string): StillroomError {
  try {
    readPluginPackage(text, 'package.json');
  } catch (error) {
    if (error instanceof StillroomError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('readPluginPackage', () => {
  it('reads who made what, and what it asks for', () => {
    const text = packaged({ author: { name: 'A. Author', email: 'a@example.org' }, license: 'MIT' }, { ...manifest, title: 'Tint', permissions: { network: ['example.org'] } });
    expect(readPluginPackage(text, 'package.json')).toEqual({
      name: '@acme/tint',
      version: '1.2.0',
      title: 'Tint',
      description: null,
      author: 'A. Author',
      licence: 'MIT',
      homepage: null,
      installScripts: [],
      madeFor: null,
      manifest: { ...manifest, title: 'Tint', permissions: { network: ['example.org'] } },
    });
  });

  it.each([
    ['no JSON', '{ "name": ', /^expected JSON, found: /],
    ['no manifest', JSON.stringify({ name: 'x', version: '1.0.0', keywords: ['stillroom-plugin'] }), /stillroom: expected an object, found nothing/],
    ['no keyword', packaged({ keywords: [] }), /keywords: expected "stillroom-plugin" among the keywords/],
    ['a viewer of nothing', packaged({}, { ...manifest, client: { viewers: [{ name: 'a', title: 'A', module: './a.js', for: [] }] } }), /client › viewers › 0 › for: /],
    ['a name that no viewer may have', packaged({}, { ...manifest, client: { viewers: [{ name: 'A b', title: 'A', module: './a.js', for: ['map'] }] } }), /name: expected lower-case letters, digits and hyphens/],
    ['a control twice', packaged({}, { ...manifest, client: { controls: [{ name: 'a', title: 'A', module: './a.js' }, { name: 'a', title: 'B', module: './b.js' }] } }), /client › controls: expected each name once/],
    ['a module outside', packaged({}, { ...manifest, client: { controls: [{ name: 'a', title: 'A', module: './../a.js' }] } }), /module: expected a path inside the package/],
    ['a later form', packaged({}, { ...manifest, manifest: 2 }), /stillroom › manifest: expected 1, found 2/],
    ['no range', packaged({}, { ...manifest, api: 'one' }), /stillroom › api: expected a range of versions such as "\^1\.0\.0", found "one"/],
    ['a path outside', packaged({}, { ...manifest, packs: ['./a/../../b.js'] }), /stillroom › packs › 0: expected a path inside the package/],
    ['a slip', packaged({}, { ...manifest, permisions: {} }), /permisions/],
  ])('refuses %s', (_, text, message) => {
    const error = problemOf(text);
    expect(error.code).toBe('plugin-manifest-invalid');
    expect(error.message).toMatch(message);
    expect(error.place.file).toBe('package.json');
  });

  it('tells everything that is wrong at once', () => {
    expect(problemOf(packaged({}, { manifest: 1, api: 'one', packs: 'index.js' })).problems.map(({ field }) => field)).toEqual(['stillroom › api', 'stillroom › packs']);
  });

  it('reads which older version of the API one is made for that is adapted', () => {
    expect(readPluginPackage(packaged({}, { ...manifest, api: '^0.9.0' }), 'package.json').madeFor).toBe('0.9.0');
    expect(readPluginPackage(packaged({}, { ...manifest, api: '>=0.9.0' }), 'package.json').madeFor).toBeNull();
  });

  it.each([
    ['^2.0.0', 'update Stillroom, or use an older version of the plugin'],
    ['<0.9.0', 'update the plugin'],
  ])('refuses one that is made for %s of the API', (api, hint) => {
    const error = problemOf(packaged({}, { ...manifest, api }));
    expect(error).toMatchObject({ code: 'plugin-api-unfit', hint });
    expect(error.message).toBe(`expected a plugin for version 1.0.0 of the plugin API, found that @acme/tint is made for ${api}`);
  });
});

describe('docs/plugin-manifest.schema.json', () => {
  const text = readFileSync(new URL('../../../docs/plugin-manifest.schema.json', import.meta.url), 'utf8');

  it('is what `npm run schema` writes', () => {
    expect(text).toBe(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
  });

  it('holds the manifest of a plugin, and none with a slip', () => {
    const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(text) as object);
    expect(isValid(manifest)).toBe(true);
    expect(isValid({ ...manifest, permisions: {} })).toBe(false);
  });
});
