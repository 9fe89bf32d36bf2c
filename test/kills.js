// `npm run test:kills`: runs that are killed at many random moments, and whose disk fails at every step. Takes long.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = { STILLROOM_KILLS: '60', STILLROOM_FAULT_POINTS: '100000', ...process.env };
const files = ['test/server/runs/kills.test.ts', 'test/server/runs/faults.test.ts'];
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files, ...process.argv.slice(2)], { cwd: root, env, stdio: 'inherit' });
process.exit(status ?? 1);
