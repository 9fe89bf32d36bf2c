import type { Pack } from '../../plugins/sdk/index.ts';
import { openBackend } from './backend.ts';
import { extensionChecks } from './check-extensions.ts';
import { checkExporter } from './check-exporters.ts';
import { checkNode } from './check-node.ts';
import { checkTogether, throwFindings, type CheckOptions } from './check-pack.ts';

/** What Vitest, node:test, Mocha and Jest all have. */
export interface TestFunctions {
  describe(title: string, body: () => void): unknown;
  it(title: string, body: () => Promise<void>): unknown;
}

/** A test case for each node of a pack, and for what else it brings: `describePack(pack, { describe, it })`. */
export function describePack(pack: Pack, { describe, it }: TestFunctions, options: CheckOptions = {}): void {
  const backend = () => openBackend(options.engine ? { engine: options.engine } : {});
  describe(`pack ${pack.name}`, () => {
    it('conforms as a whole', async () => throwFindings(pack.name, checkTogether(pack, options.plugin), (await backend()).title));
    for (const { name, check } of extensionChecks(pack, options.seed)) {
      it(`${name} conforms`, async () => {
        const ranOn = await backend();
        throwFindings(name, await check(ranOn), ranOn.title);
      });
    }
    for (const exporter of pack.exporters ?? []) {
      it(`${exporter.name} conforms`, async () => throwFindings(exporter.name, await checkExporter(exporter, options.plugin), (await backend()).title));
    }
    for (const definition of pack.nodes) {
      it(`${definition.type} conforms`, async () => {
        const ranOn = await backend();
        throwFindings(definition.type, checkNode(definition, ranOn, options).findings, ranOn.title);
      });
    }
  });
}
