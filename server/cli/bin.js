#!/usr/bin/env node
// Node 22.18 and newer read TypeScript by themselves (outside node_modules); tsx does it for the others.
const readsTypeScript = process.features.typescript && !import.meta.url.includes('/node_modules/');
if (!readsTypeScript) {
  // tsx would keep what it compiles in a folder of its own outside of our state.
  process.env.TSX_DISABLE_CACHE ??= '1';
  // Once tsx is there it looks at every file: zod's hundred, which need no translation, come before.
  await import('zod');
  const { register } = await import('tsx/esm/api');
  register();
}
const { mindClosedOutput } = await import('./closed-output.ts');
mindClosedOutput();
const { main } = await import('./main.ts');
await main(process.argv);
