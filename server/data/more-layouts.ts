import type { CategoryFiles, Layout } from '../../plugins/sdk/layout.ts';

/** What a layout has made of a folder. */
export interface Understood {
  /** Name of the layout. */
  layout: string;
  files: CategoryFiles[];
}

/** Layouts that are not ours, wherever their code runs. */
export interface MoreLayouts {
  /** In the order in which they are tried. */
  known: readonly Pick<Layout, 'name' | 'title'>[];
  /**
   * What the layout that is named makes of a folder, or the first that recognises it; null where none does. Throws
   * `layout-failed`, `layout-timeout`, each naming the layout.
   */
  read(root: string, named: string | null, validationFolder: string): Promise<Understood | null>;
}
