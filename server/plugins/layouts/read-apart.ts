import { StillroomError } from '../../../plugins/sdk/problem.ts';
import type { MoreLayouts, Understood } from '../../data/more-layouts.ts';
import { sendOnErrand } from '../../processes/errand.ts';
import type { LayoutNews, LayoutOrder } from './layout-process.ts';
import type { LayoutSource } from './layout-sources.ts';

/** What code of a plugin may take at a time: to load, to recognise a folder, to read it, ms. */
const usualLimit = 20_000;

/** Layouts of plugins: each time they are asked, their code runs in a process of its own, which is ended where it does not return. */
export function layoutsOf(sources: readonly LayoutSource[], { limit = usualLimit }: { limit?: number } = {}): MoreLayouts {
  return {
    known: sources.flatMap(({ layouts }) => layouts),
    async read(root, named, validationFolder) {
      const asked = named === null ? sources : sources.filter(({ layouts }) => layouts.some(({ name }) => name === named));
      return asked.length ? readApart({ sources: asked, root, named, validationFolder }, limit) : null;
    },
  };
}

async function readApart(order: LayoutOrder, limit: number): Promise<Understood | null> {
  let at: LayoutNews | undefined;
  let isLate = false;
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isLate = true;
      errand.cancel();
    }, limit);
  };
  const errand = sendOnErrand<LayoutOrder, LayoutNews, Understood | null>(new URL('./layout-process.ts', import.meta.url), order, (news) => {
    at = news;
    watch();
  });
  watch();
  try {
    return await errand.done;
  } catch (error) {
    if (isLate) throw late(order.root, at, limit);
    if (error instanceof StillroomError && error.code === 'process-ended') throw layoutFailed(order.root, at, `it ended its process (${error.message.split(': ').at(-1)!})`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const nameOf = (at: LayoutNews | undefined): string => (at?.layout ? `the layout "${at.layout}"` : `${at?.plugin ?? 'a plugin'} with its layouts`);
const hintFor = (at: LayoutNews | undefined): string => `name another layout; this is a defect of ${at?.plugin ?? 'the plugin'}: report it to its authors, or \`stillroom plugin disable ${at?.plugin ?? 'NAME'}\``;

function late(root: string, at: LayoutNews | undefined, limit: number): StillroomError {
  return new StillroomError('layout-timeout', `expected ${nameOf(at)} to ${at?.doing ?? 'load'} within ${limit / 1000} s, found that it did not`, { file: root, hint: hintFor(at) });
}

/** What is said where code of a layout fails. */
export function layoutFailed(root: string, at: LayoutNews | undefined, why: string, cause?: unknown): StillroomError {
  return new StillroomError('layout-failed', `expected ${nameOf(at)} to ${at?.doing ?? 'load'}, found that it failed: ${why}`, { file: root, hint: hintFor(at), cause });
}
