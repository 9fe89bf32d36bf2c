import type { Pack } from '../../plugins/sdk/index.ts';
import { answerServer } from './desk.ts';

const { packs } = (await import(process.env['STILLROOM_PACKS']!)) as { packs: readonly Pack[] };
answerServer(packs);
