import semver from 'semver';
import { z } from 'zod';
import { apiVersion, StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { explain } from '../graph/explain.ts';
import { olderApis } from './compat/older-api.ts';
import { clientSchema } from './client-manifest.ts';
import { pathInPackage } from './file-in-package.ts';

/** What a package says in `keywords` to be taken for a plugin. */
export const pluginKeyword = 'stillroom-plugin';

const permissions = z
  .strictObject({
    network: z.array(z.string().min(1)).optional().describe('Hosts that it speaks with.'),
    files: z.array(z.string().min(1)).optional().describe('Folders that it reads or writes, besides its own and those of the run.'),
    native: z.boolean().optional().describe('Whether it brings native code.'),
  })
  .describe('What it does beyond computing. It is told to whoever installs it; nothing is enforced by it.');

/** The `stillroom` field of a plugin's package.json. */
export const manifestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    manifest: z.literal(1).describe('Version of this format.'),
    api: z
      .string()
      .refine((range) => semver.validRange(range) !== null, 'expected a range of versions such as "^1.0.0"')
      .describe('Versions of the SDK that it works with.'),
    title: z.string().min(1).optional().describe('What it is called; its npm name where absent.'),
    packs: z.array(pathInPackage).optional().describe('ES modules that export `pack`, or `packs`, of the SDK’s type.'),
    templates: z.array(pathInPackage).optional().describe('Graph documents that it offers to begin with.'),
    client: clientSchema.optional(),
    permissions: permissions.optional(),
    icon: pathInPackage.optional(),
    docs: pathInPackage.optional(),
  })
  .describe('What a package must say of itself to be a plugin of Stillroom.');

export type Manifest = z.output<typeof manifestSchema>;
export type Permissions = z.output<typeof permissions>;

/** The JSON Schema of manifests, for editors and other programs. */
export function manifestJsonSchema(): Record<string, unknown> {
  return { title: 'Stillroom plugin manifest', ...z.toJSONSchema(manifestSchema, { io: 'input' }) };
}

/** A package that is a plugin, as its package.json says, without any of its code having run. */
export interface PluginPackage {
  /** As npm names it. */
  name: string;
  version: string;
  title: string;
  description: string | null;
  author: string | null;
  licence: string | null;
  homepage: string | null;
  /** The older version of the plugin API that it is made for and adapted from; null of one for today's. */
  madeFor: string | null;
  /** Scripts that npm would run when it is installed; Stillroom never does. */
  installScripts: string[];
  manifest: Manifest;
}

const installing = ['preinstall', 'install', 'postinstall'];
const person = z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]);
const packageSchema = z.looseObject({
  name: z.string().regex(/^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/, 'expected the name of an npm package'),
  version: z.string().min(1),
  keywords: z.array(z.string()).refine((words) => words.includes(pluginKeyword), `expected "${pluginKeyword}" among the keywords`),
  description: z.string().optional(),
  author: person.optional(),
  license: z.string().optional(),
  homepage: z.string().optional(),
  scripts: z.looseObject({}).optional().catch(undefined),
  stillroom: manifestSchema,
});

/**
 * Reads the text of a package.json. Throws `plugin-manifest-invalid` with everything that is wrong with it, each with its
 * field, and `plugin-api-unfit` where it is made for other versions of the SDK.
 */
export function readPluginPackage(text: string, file: string): PluginPackage {
  const value = parsed(text, file);
  const { data, error } = packageSchema.safeParse(value);
  if (error) {
    const problems = explain(error, value).map(({ path, message, hint }): Problem => ({
      code: 'plugin-manifest-invalid',
      severity: 'error',
      file,
      field: path.join(' › '),
      message: `${path.join(' › ')}: ${message}`,
      ...(hint ? { hint } : {}),
    }));
    throw invalid(problems.map(({ message }) => message).join('; '), file, problems);
  }
  const { name, version, description = null, author = null, license = null, homepage = null, scripts = {}, stillroom: manifest } = data;
  const madeFor = apiOf(manifest.api, name, file);
  return { name, version, title: manifest.title ?? name, description, author, licence: license, homepage, madeFor, installScripts: installing.filter((script) => Object.hasOwn(scripts, script)), manifest };
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`expected JSON, found: ${(cause as Error).message}`, file);
  }
}

function invalid(message: string, file: string, problems?: readonly Problem[]): StillroomError {
  return new StillroomError('plugin-manifest-invalid', message, {
    file,
    hint: 'correct package.json; docs/plugins.md says what belongs there',
    ...(problems && problems.length > 1 ? { problems } : {}),
  });
}

/** The older version of the API that a range means, where it does not mean today's. Throws `plugin-api-unfit`. */
function apiOf(range: string, name: string, file: string): string | null {
  if (semver.satisfies(apiVersion, range)) return null;
  const older = olderApis.find(({ version }) => semver.satisfies(version, range));
  if (older) return older.version;
  const isTooOld = semver.gtr(apiVersion, range);
  throw new StillroomError('plugin-api-unfit', `expected a plugin for version ${apiVersion} of the plugin API, found that ${name} is made for ${range}`, {
    file,
    field: 'stillroom › api',
    hint: isTooOld ? 'update the plugin' : 'update Stillroom, or use an older version of the plugin',
  });
}

/** What is to be changed in a plugin that is made for an older version of the API, and works as long as that is adapted; null of others. */
export function outdatedApi({ name, madeFor, manifest }: PluginPackage, folder: string): Problem | null {
  const older = olderApis.find(({ version }) => version === madeFor);
  if (!older) return null;
  return {
    code: 'plugin-api-old',
    severity: 'warning',
    file: `${folder}/package.json`,
    field: 'stillroom › api',
    message: `expected a plugin for version ${apiVersion} of the plugin API, found that ${name} is made for ${manifest.api}, and adapted it`,
    hint: `its authors should change, and then say "api": "^${apiVersion}": ${older.changes.map(({ title }) => title).join('; ')}`,
  };
}
