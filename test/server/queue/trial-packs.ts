export { trialPacks as packs } from '../runtime/trial-graphs.ts';
