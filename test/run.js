// `npm test`: the engine first, so that tests that compute are not skipped; then vitest with whatever it is told. With `--long`
// (`npm run test:long`) the tests that take long, in their place.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const told = process.argv.slice(2).filter((one) => one !== '--long');
const env = told.length < process.argv.length - 2 ? { ...process.env, STILLROOM_LONG_TESTS: '1' } : process.env;
const run = (args) => spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;

const engine = run(['server/cli/bin.js', 'engine', 'install']);
if (engine !== 0) {
  if (process.env.STILLROOM_REQUIRE === 'all') process.exit(engine);
  process.stderr.write('No engine to be had here: tests that compute are skipped.\n');
}
process.exit(run(['node_modules/vitest/vitest.mjs', 'run', ...told]));
