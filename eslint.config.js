import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** A room may import only what the architecture says; the message says what to do instead. */
const room = (files, group, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'coverage/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
    },
  },
  room(
    ['plugins/sdk/**'],
    ['**/server/**', '**/client/**', '../!(sdk)/**', '@tensorflow/tfjs-node*'],
    'plugins/sdk imports nothing but types of tfjs-core and zod: it is what everything else may import.',
  ),
  room(
    ['plugins/!(sdk)/**'],
    ['**/server/**', '**/client/**', '@tensorflow/tfjs-node*', 'node:*', '../!(sdk)/**'],
    'plugins import only plugins/sdk: move the helper there or pass it through `env`.',
  ),
  room(
    ['server/graph/**'],
    ['node:*', '@tensorflow/*', '../!(graph)/**', '!../../plugins/sdk/**', '**/compiler/**', '**/runtime/**', '**/engine/**'],
    'server/graph is plain TypeScript without Node or TensorFlow, since the client imports it.',
  ),
  room(
    ['server/compiler/**'],
    ['@tensorflow/*', '**/engine/**', '**/runtime/**', '**/data/**', '**/weights/**', '**/cli/**'],
    'server/compiler knows documents and definitions only: pass what it needs in.',
  ),
  room(
    ['server/engine/**', 'server/data/**', 'server/weights/**'],
    ['**/compiler/**', '**/runtime/**', '**/cli/**', '**/runs/**'],
    'engine, data and weights are below the compiler and the runtime: pass what they need in.',
  ),
  room(
    ['server/runtime/**'],
    ['**/cli/**', '**/runs/**', '**/api/**'],
    'runtime is below runs, api and cli: report through events.',
  ),
);
