import { writeFileSync } from 'node:fs';
import { manifestJsonSchema } from './manifest.ts';

/** Writes `docs/plugin-manifest.schema.json` from the schema that validates manifests: `npm run schema`. */
writeFileSync(new URL('../../docs/plugin-manifest.schema.json', import.meta.url), `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
