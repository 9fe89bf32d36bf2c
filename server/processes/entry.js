// Where a process of ours begins that is none of a person's: its work is the module that it is told.
// Before tsx looks at every file: zod's hundred need no translation.
import 'zod';
import { readTypeScript } from './read-typescript.js';

await readTypeScript();
await import(process.argv[2]);
