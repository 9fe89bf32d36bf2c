import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryPlugin } from '../../../server/plugins/try-plugin.ts';
import { fixture } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const call = 3000;

/** The plugin whose node does well, with another `infer`. */
function inferring(name: string, infer: string): string {
  const folder = join(root, name);
  cpSync(fixture('stuck'), folder, { recursive: true });
  const text = readFileSync(join(folder, 'index.js'), 'utf8');
  writeFileSync(join(folder, 'index.js'), text.replace('infer: (inputs) => inputs', `infer: (inputs) => { ${infer}; return inputs; }`));
  return folder;
}

describe('a plugin that is checked', () => {
  it('and never returns is ended, with the node, the function and the case named', async () => {
    const { problem } = await tryPlugin(fixture('stuck'), root, { call });
    expect(problem).toMatchObject({
      code: 'plugin-timeout',
      node: 'stuck/node',
      message: expect.stringMatching(/^expected what build gives of "stuck\/node" with how "loop", on images .+ to return within 3 s, found that it did not$/) as string,
    });
  });

  it.each([
    ['exits', 'process.exit(7)', 'exit 7'],
    ['is killed', "process.kill(process.pid, 'SIGKILL'); for (;;);", 'SIGKILL'],
    ['closes the way to who asked', 'if (process.connected) process.send({ hi: 1 }), process.disconnect()', 'it closed its channel'],
  ])('and %s is named with the node and the function', async (name, infer, how) => {
    const { problem } = await tryPlugin(inferring(name, infer), root, { call });
    expect(problem).toMatchObject({
      code: 'plugin-process-ended',
      node: 'stuck/node',
      message: expect.stringMatching(new RegExp(`^expected infer of "stuck/node" with its defaults, on images .+ to return, found that it ended the process: ${how}$`)) as string,
    });
  });
});
