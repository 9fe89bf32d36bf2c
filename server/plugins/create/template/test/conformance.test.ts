import { describe, it } from 'node:test';
import { describePack } from 'stillroom/conformance';
import { pack } from '../src/index.ts';

// Every node is held to the rules of Stillroom: shapes as promised, no tensor left behind, and so on.
describePack(pack, { describe, it }, { plugin: 'stillroom-plugin-name' });
