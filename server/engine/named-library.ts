import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a directory that a user names keeps TensorFlow's libraries and C headers. */
export interface NamedLibrary {
  libraries: string;
  include: string;
}

const libraryName = /^libtensorflow(_cc|_framework)?\.(so\.2|2\.dylib)$/;

/**
 * TensorFlow's C library in a directory: Python's package (`site-packages/tensorflow`), what holds it
 * (`site-packages`, a virtual environment's `lib/python3.x/site-packages`), or the C distribution (`lib`, `include`).
 */
export async function findNamedLibrary(directory: string): Promise<NamedLibrary | undefined> {
  const layouts = [
    { libraries: join(directory, 'lib'), include: join(directory, 'include') },
    { libraries: directory, include: join(directory, 'include') },
    { libraries: join(directory, 'tensorflow'), include: join(directory, 'tensorflow', 'include') },
  ];
  for (const layout of layouts) {
    if (!existsSync(join(layout.include, 'tensorflow', 'c', 'eager', 'c_api.h'))) continue;
    if ((await libraryFiles(layout.libraries)).length > 0) return layout;
  }
  return undefined;
}

/** Links the libraries and headers into an engine's directory, for the binding to be compiled against. */
export async function linkNamedLibrary({ libraries, include }: NamedLibrary, directory: string): Promise<void> {
  await mkdir(join(directory, 'lib'), { recursive: true });
  for (const name of await libraryFiles(libraries)) {
    await symlink(join(libraries, name), join(directory, 'lib', name));
  }
  await symlink(include, join(directory, 'include'));
}

async function libraryFiles(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return [];
  return (await readdir(directory)).filter((name) => libraryName.test(name));
}
