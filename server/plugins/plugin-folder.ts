import { join } from 'node:path';

/** Where a home keeps plugins: an npm project of its own. */
export const pluginFolder = (home: string): string => join(home, 'plugins');

/** The folder that npm puts a package into, in a project. */
export const packageFolder = (project: string, name: string): string => join(project, 'node_modules', ...name.split('/'));
