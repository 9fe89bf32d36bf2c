import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Those that `npm run test:long` runs. */
const long = 'test/**/*.long.test.ts';
const isLong = process.env['STILLROOM_LONG_TESTS'] !== undefined;

export default defineConfig({
  // Runes in the client's modules need translation.
  plugins: [svelte({ configFile: false })],
  test: {
    include: [isLong ? long : 'test/**/*.test.ts'],
    exclude: isLong ? [] : [long],
    // TensorFlow is loaded once per process, and blocks the thread it runs on.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
  },
});
