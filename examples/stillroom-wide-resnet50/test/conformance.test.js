import { describe, it } from 'node:test';
import { describePack } from 'stillroom/conformance';
import { pack } from '../dist/index.js';

describePack(pack, { describe, it }, { plugin: 'stillroom-wide-resnet50' });
