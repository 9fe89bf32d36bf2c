// Where a decoding thread begins. As in `server/cli/bin.js`: newer versions of Node read TypeScript by themselves.
const readsTypeScript = process.features.typescript && !import.meta.url.includes('/node_modules/');
if (!readsTypeScript) {
  process.env.TSX_DISABLE_CACHE ??= '1';
  const { register } = await import('tsx/esm/api');
  register();
}
const { decodeTask } = await import('./decode-task.ts');

/** A task that is none asks whether the thread is there. */
export default (task) => (task ? decodeTask(task) : null);
