import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { doErrand } from '../processes/errand.ts';
import { compressFiles } from './compress.ts';

doErrand<{ outDir: string }, never, void>(async ({ outDir }) => {
  await build({ configFile: fileURLToPath(new URL('../../client/vite.config.ts', import.meta.url)), build: { outDir, emptyOutDir: true }, logLevel: 'error' });
  await compressFiles(outDir);
});
