import { loadPacks } from '../plugins/open-packs.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { answerServer } from './desk.ts';

answerServer(await loadPacks(JSON.parse(process.env['STILLROOM_PACKS']!) as PackSource));
