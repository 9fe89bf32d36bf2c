// Where the thread begins that speaks with the process of the plugins.
import { readTypeScript } from '../../processes/read-typescript.js';

await readTypeScript();
await import('./relay.ts');
