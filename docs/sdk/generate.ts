import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What people import, by the file that it is written in. */
const modules = { 'plugins/sdk': 'sdk', 'server/conformance': 'conformance' } as const;

/** The pages of the reference, by their file names: what plugins may import, from the doc comments of the sources. */
export async function sdkReference(): Promise<Map<string, string>> {
  const out = await mkdtemp(join(tmpdir(), 'stillroom-sdk-'));
  try {
    const app = await Application.bootstrapWithPlugins({
      entryPoints: Object.keys(modules).map((source) => join(repository, source, 'index.ts')),
      tsconfig: join(repository, 'docs/sdk/tsconfig.json'),
      outputs: [{ name: 'markdown' as never, path: out }],
      skipErrorChecking: true,
      plugin: ['typedoc-plugin-markdown'],
      name: 'Stillroom for plugins',
      readme: 'none',
      logLevel: 'Warn',
      disableSources: true,
      excludePrivate: true,
      excludeExternals: true,
      sort: ['alphabetical'],
      // Of the markdown plugin, which TypeDoc's own types do not know.
      ...({ outputFileStrategy: 'modules', hideBreadcrumbs: true, hidePageHeader: true, useCodeBlocks: true, parametersFormat: 'table', interfacePropertiesFormat: 'table', propertyMembersFormat: 'table', typeDeclarationFormat: 'table', enumMembersFormat: 'table', entryFileName: 'index' } as object),
    });
    const project = await app.convert();
    if (!project || app.logger.hasErrors()) throw new Error('the reference of the SDK cannot be made: its sources do not compile');
    await app.generateOutputs(project);
    const pages = Object.entries(modules).map(async ([source, name]): Promise<[string, string]> => {
      const text = await readFile(join(out, `${source}.md`), 'utf8');
      return [`${name}.md`, Object.entries(modules).reduce((so, [from, to]) => so.replaceAll(new RegExp(`\\]\\((\\.\\./)*${from}\\.md`, 'g'), `](${to}.md`), text).replace(`# ${source}`, `# stillroom/${name}`)];
    });
    return new Map(await Promise.all(pages));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
