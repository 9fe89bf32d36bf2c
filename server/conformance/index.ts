/** The conformance kit: what an author's test holds a pack of nodes to. Published as `stillroom/conformance`. */
export type { NodeReport } from './check-node.ts';
export { assertConforms, checkPack, formatFinding, type CheckOptions, type PackReport } from './check-pack.ts';
export { computeNode, type ComputedValue, type Given, type GivenValue } from './compute-node.ts';
export { describePack, type TestFunctions } from './describe-pack.ts';
export { rules, type Finding, type Rule } from './finding.ts';
export type { OlderParams } from './check-migration.ts';
