import { generateDemo } from '../data/demo/generate.ts';
import { doErrand } from '../processes/errand.ts';

/** What a process that draws the demo set is ordered. */
export interface DemoOrder {
  folder: string;
  categories?: readonly string[];
}

export interface DemoProgress {
  done: number;
  total: number;
}

doErrand<DemoOrder, DemoProgress, void>(async ({ folder, categories }, tell) => {
  await generateDemo(folder, { ...(categories ? { categories } : {}), onProgress: ({ done, total }) => tell({ done, total }, done === total) });
});
