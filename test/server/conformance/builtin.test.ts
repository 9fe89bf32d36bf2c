import { describe, it } from 'vitest';
import { describePack } from '../../../server/conformance/index.ts';
import { layouts } from '../../../server/data/layouts/index.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';

describeWith(engineNeed(), 'built-in packs', () => {
  for (const pack of [...builtinPacks, { name: 'layouts', nodes: [], layouts }]) describePack(pack, { describe, it });
});
