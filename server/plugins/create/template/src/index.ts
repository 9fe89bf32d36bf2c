import type { Pack } from 'stillroom/sdk';
import { topHat } from './top-hat.ts';

/** What the plugin brings; the manifest in package.json names this file. */
export const pack: Pack = { name: 'stillroom-plugin-name', nodes: [topHat] };
