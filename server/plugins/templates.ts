import { basename } from 'node:path';
import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { check } from '../compiler/check.ts';
import type { GraphDocument } from '../graph/document.ts';
import { incomingGraph } from '../graph/incoming.ts';
import { JsonError, parseJson } from '../graph/json.ts';
import type { Registry } from '../graph/registry.ts';
import { readFileInPackage } from './file-in-package.ts';
import type { PluginPackage } from './manifest.ts';

/** A graph document that a plugin offers to begin with. */
export interface PluginTemplate {
  /** `<plugin>/<file>`, without `.json`. */
  id: string;
  plugin: string;
  document: GraphDocument;
}

/** Of a plugin, what its manifest says and where it lies. */
interface Offering {
  folder: string;
  package: PluginPackage | null;
}

/** The templates of a plugin whose nodes can be had, and why others of its templates cannot be offered. */
export async function readPluginTemplates({ folder, package: found }: Offering, registry: Registry): Promise<{ templates: PluginTemplate[]; problems: Problem[] }> {
  const templates: PluginTemplate[] = [];
  const problems: Problem[] = [];
  if (!found) return { templates, problems };
  for (const path of found.manifest.templates ?? []) {
    try {
      templates.push(await readTemplate({ folder, path, plugin: found.name }, registry));
    } catch (error) {
      if (!(error instanceof StillroomError)) throw error;
      problems.push({ code: error.code, severity: 'error', message: error.message, file: error.place.file ?? path, ...(error.hint ? { hint: error.hint } : {}) });
    }
  }
  return { templates, problems };
}

async function readTemplate({ folder, path, plugin }: { folder: string; path: string; plugin: string }, registry: Registry): Promise<PluginTemplate> {
  const text = (await readFileInPackage(folder, path, plugin)).toString('utf8');
  try {
    // Where its schema lies is of no meaning elsewhere.
    const { $schema: _, ...document } = incomingGraph(parseJson(text), registry).document;
    const unknown = check(document, registry).problems.find(({ code }) => code === 'unknown-node-type');
    if (unknown) throw new StillroomError(unknown.code, `${unknown.node}: ${unknown.message}`);
    return { id: `${plugin}/${basename(path, '.json')}`, plugin, document };
  } catch (cause) {
    if (!(cause instanceof StillroomError) && !(cause instanceof JsonError)) throw cause;
    throw new StillroomError('plugin-template-invalid', `expected ${path} of ${plugin} to be a graph of nodes that can be had, found: ${cause.message}`, {
      file: path,
      hint: `this is a defect of ${plugin}: report it to its authors`,
      cause,
    });
  }
}
