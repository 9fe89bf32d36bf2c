import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * A room may import only what the architecture says; the message says what to do instead. `group` are gitignore patterns,
 * which know no `!(…)`: what is said by exception is said by `regex`.
 */
const room = (files, group, message, regex) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group, message }, ...(regex ? [{ regex, message }] : [])] }],
  },
});

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'coverage/', 'client/vite.config.ts'] },
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
  {
    // Viewers and controls of plugins run in a page.
    files: ['test/fixtures/plugins/*/client/**'],
    languageOptions: { globals: { document: 'readonly', localStorage: 'readonly', location: 'writable', parent: 'readonly', origin: 'readonly', fetch: 'readonly' } },
  },
  room(
    ['plugins/sdk/**'],
    ['**/server/**', '**/client/**'],
    'plugins/sdk imports nothing but types of tfjs-core and zod: it is what everything else may import.',
    '^(?!\\./|zod$|@tensorflow/tfjs-core$)',
  ),
  // Directly in a pack `../` leads to another one, in a folder of it `../../` does.
  ...['', '/*'].map((deeper, i) =>
    room(
      [`plugins/!(sdk)${deeper}/*`],
      ['**/server/**', '**/client/**'],
      'plugins import only plugins/sdk: move the helper there or pass it through `env`.',
      `^(?!\\./|@tensorflow/tfjs-core$|${'\\.\\./'.repeat(i + 1)}sdk/${i ? '|\\.\\./(?!\\.)' : ''})`,
    ),
  ),
  room(
    ['server/graph/**'],
    ['node:*', '@tensorflow/*'],
    'server/graph is plain TypeScript without Node or TensorFlow, since the client imports it.',
    '^\\.\\./(?!\\.\\./plugins/sdk/)',
  ),
  room(
    ['server/compiler/**'],
    ['@tensorflow/*'],
    'server/compiler knows documents and definitions only: pass what it needs in.',
    '^\\.\\./(?!graph/|\\.\\./plugins/sdk/)',
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
  room(
    ['server/why/**'],
    ['**/cli/**', '**/runs/**', '**/api/**', '**/interactive/**'],
    'server/why is below runs, interactive and api: pass what it needs in.',
  ),
  room(
    ['client/**/*.ts'],
    ['node:*', '@tensorflow/*'],
    'client knows of the server its graphs (server/graph) and what its API says.',
    '^\\.\\./(?:\\.\\./)*server/(?!graph/)',
  ),
  room(
    ['server/documents/**'],
    ['@tensorflow/*'],
    'server/documents keeps documents: it knows their form and their edits, not what they compute.',
    '^\\.\\./(?!graph/|atomic-file\\.ts|turns\\.ts|\\.\\./plugins/sdk/)',
  ),
);
