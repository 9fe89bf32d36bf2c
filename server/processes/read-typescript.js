// Node 22.18 and newer read TypeScript by themselves (outside node_modules); tsx does it for the others.
const readsTypeScript = process.features.typescript && !import.meta.url.includes('/node_modules/');

/** Makes this thread import TypeScript from now on. */
export async function readTypeScript() {
  if (readsTypeScript) return;
  // tsx would keep what it compiles in a folder of its own outside of our state.
  process.env.TSX_DISABLE_CACHE ??= '1';
  const { register } = await import('tsx/esm/api');
  register();
}
