import { writeFile } from 'node:fs/promises';
import { sdkReference } from './generate.ts';

/** `npm run sdk-docs`: the reference of what plugins may import, beside this file. */
for (const [file, text] of await sdkReference()) await writeFile(new URL(file, import.meta.url), text);
