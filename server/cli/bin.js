#!/usr/bin/env node
// Once tsx is there it looks at every file: zod's hundred, which need no translation, come before.
import 'zod';
import { readTypeScript } from '../processes/read-typescript.js';

await readTypeScript();
const { mindClosedOutput } = await import('./closed-output.ts');
mindClosedOutput();
const { main } = await import('./main.ts');
await main(process.argv);
