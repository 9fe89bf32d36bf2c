import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rules } from '../../server/conformance/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(join(root, 'docs/plugins-conformance.md'), 'utf8');
const temporary = temporaryFolder();
const [pack, test] = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);

/** What `node --test` says of the example in a package that has Stillroom among its node_modules. */
function run(packSource: string): { passed: boolean; said: string } {
  const folder = mkdtempSync(join(temporary, 'plugin-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'stillroom'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'acme-blur', type: 'module' }));
  writeFileSync(join(folder, 'blur.ts'), packSource);
  writeFileSync(join(folder, 'blur.test.ts'), test!);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const env = { ...process.env };
  // Else the child takes itself for a part of another run of node --test.
  delete env['NODE_TEST_CONTEXT'];
  try {
    const said = execFileSync(process.execPath, ['--import', tsx, 'blur.test.ts'], { cwd: folder, env, encoding: 'utf8' });
    return { passed: true, said };
  } catch (error) {
    return { passed: false, said: (error as { stdout: string }).stdout };
  }
}

describe('docs/plugins-conformance.md', () => {
  it('has a table of all rules, as the kit words them', () => {
    const listed = [...text.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].filter(([, rule]) => Object.hasOwn(rules, rule!));
    expect(Object.fromEntries(listed.map(([, rule, what]) => [rule, what]))).toEqual(rules);
  });

  it('has an example that conforms', () => {
    const { passed, said } = run(pack!);
    expect(passed, said).toBe(true);
    expect(said).toContain('acme-blur/mean conforms');
  });

  it('has an example that is found out where its shapes are not as promised', () => {
    const { passed, said } = run(pack!.replace("1, 'same')", "1, 'valid')"));
    expect(passed, said).toBe(false);
    expect(said).toMatch(/acme-blur\/mean: \[promise\] map: expected float32 \[3, 16, 12, 1\].* found float32 \[3, 14, 10, 1\]/);
  });
});
