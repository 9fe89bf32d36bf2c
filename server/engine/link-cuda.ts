import { existsSync } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes NVIDIA's libraries findable. TensorFlow opens them by name and looks beside itself; they open each other by
 * `$ORIGIN/../../cublas/lib`, as the wheels lay them out. So `lib` is a link to `nvidia/tensorflow/lib`, which holds
 * TensorFlow's libraries and links to all the others: both ways of looking end at the same files.
 */
export async function linkCuda(directory: string): Promise<void> {
  const nvidia = join(directory, 'nvidia');
  if (!existsSync(nvidia)) return;
  for (const component of await readdir(nvidia)) {
    const libraries = join(nvidia, component, 'lib');
    if (component === 'tensorflow' || !existsSync(libraries)) continue;
    for (const name of (await readdir(libraries)).filter((file) => /\.so[.\d]*$/.test(file))) {
      await symlink(join('..', '..', component, 'lib', name), join(nvidia, 'tensorflow', 'lib', name));
    }
  }
  await symlink(join('nvidia', 'tensorflow', 'lib'), join(directory, 'lib'));
}
