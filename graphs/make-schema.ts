import { writeFileSync } from 'node:fs';
import { graphJsonSchema } from '../server/graph/schema.ts';

/** Writes `graphs/schema.json` from the schema that validates documents: `npm run schema`. */
writeFileSync(new URL('schema.json', import.meta.url), `${JSON.stringify(graphJsonSchema(), null, 2)}\n`);
