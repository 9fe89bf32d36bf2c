import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sdkReference } from '../../docs/sdk/generate.ts';
import * as conformance from '../../server/conformance/index.ts';
import * as sdk from '../../plugins/sdk/index.ts';

describe('the reference of the SDK', { timeout: 60_000 }, () => {
  it('is what `npm run sdk-docs` writes, and has everything that is exported', async () => {
    const pages = await sdkReference();
    for (const [file, text] of pages) expect(readFileSync(new URL(`../../docs/sdk/${file}`, import.meta.url), 'utf8') === text, `docs/sdk/${file}: run \`npm run sdk-docs\``).toBe(true);
    for (const [file, exported] of [['sdk.md', sdk], ['conformance.md', conformance]] as const) {
      for (const name of Object.keys(exported)) expect(pages.get(file), name).toContain(`### ${name}`);
    }
  });
});
