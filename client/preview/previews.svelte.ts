import { untrack } from 'svelte';
import { parseEnd, type GraphDocument } from '../../server/graph/document.ts';
import type { FollowedRun } from '../runs/followed-run.svelte.ts';
import type { Answer } from '../state/answer.ts';
import { call, type ProblemDetails } from '../state/call.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import type { GraphSession } from '../state/graph-session.svelte.ts';
import { problemOf } from '../state/resource.svelte.ts';
import { lookedAt, type LookedAt } from './looked-at.ts';
import { TestImages } from './test-images.svelte.ts';

type Preview = Answer<'/api/preview', 'post'>;
export type Shown = Preview['values'][number]['shown'];
export type Colours = 'inferno' | 'viridis' | 'magma' | 'turbo' | 'grey';
/** A way to show a value; the viewer of a plugin is called by its name after `viewer:`. */
export type Kind = 'auto' | 'image' | 'channels' | 'mean' | 'pca' | 'map' | 'histogram' | 'score' | `viewer:${string}`;

/** The name of the plugin's viewer that a value is shown by; undefined where the workbench shows it itself. */
export const pluginViewerOf = (as: Kind): string | undefined => (as.startsWith('viewer:') ? as.slice('viewer:'.length) : undefined);

/** A socket that is looked at, and how. */
export interface Viewer {
  /** `node.socket` */
  at: string;
  as: Kind;
  /** The scale of its colours that is held; null for that of each value. */
  scale: { low: number; high: number } | null;
  opacity: number;
  /** How numbers become colours. */
  colours: Colours;
}

/** What a viewer shows. */
export interface Seen {
  value: Preview['values'][number];
  /** The image as the graph sees it, where what is shown lies over it. */
  under: string | null;
  /** Nodes above whose weights are not fitted, or were when they were others. */
  unfitted: string[];
  stale: string[];
}

const usualColours: Colours = 'inferno';

/** Whether there is something to see of what flows at sockets of a type. */
export const isSeen = (type: string): boolean => catalogue.socket(type)?.preview !== 'none';

/** Edits come in bursts: a preview is asked for once nothing has changed for so long, ms. */
const pause = 120;

/** Sockets of a graph that somebody looks at while the graph is edited, on one test image. To be made while a component is. */
export class Previews {
  viewers: readonly Viewer[] = $state.raw([]);
  seen: ReadonlyMap<string, Seen> = $state.raw(new Map());
  /** Whether anybody sees them: what nobody sees is not computed. */
  isShown = $state(false);
  isComputing = $state(false);
  milliseconds = $state<number | null>(null);
  /** What was said against the last preview: what is seen is of one before it. */
  problem: ProblemDetails | null = $state.raw(null);
  readonly images = new TestImages();
  readonly #session: () => GraphSession | null;
  readonly #run: FollowedRun;
  readonly #client = crypto.randomUUID();
  #turn = 0;
  readonly #store: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the preview that is under way: a newer one ends it. */
  #asking = new AbortController();
  #isOpened = false;

  constructor(graph: string, session: () => GraphSession | null, run: FollowedRun) {
    this.#session = session;
    this.#run = run;
    this.#store = `stillroom.viewers.${graph}`;
    this.viewers = read(this.#store);
    $effect(() => {
      if (!this.isShown || this.#isOpened) return;
      this.#isOpened = true;
      untrack(() => void this.images.open(this.#run.details?.asked?.data ?? null));
    });
    $effect(() => {
      // What a preview depends on: the logic of the graph, the code of its nodes, the weights of the run, the image, what is looked at.
      const wants = this.isShown && this.viewers.length > 0 && this.images.image !== null && session()?.check?.identity;
      void [run.run?.id, run.run?.state, this.images.image?.id, catalogue.renewals];
      if (wants) untrack(() => this.#soon());
    });
  }

  /** Looks at a socket; one that is looked at already stays as it is. */
  pin(at: string): void {
    if (!this.viewers.some((one) => one.at === at)) this.#keep([...this.viewers, { at, as: this.#usual(at), scale: null, opacity: 0.7, colours: usualColours }]);
  }

  /** By the viewer that the socket's type names; else as the workbench does. */
  #usual(at: string): Kind {
    const { node, socket } = parseEnd(at);
    const { inputs, outputs } = this.#session()?.check?.sockets[node] ?? { inputs: {}, outputs: {} };
    const preview = catalogue.socket((outputs[socket] ?? inputs[socket])?.type ?? '')?.preview;
    return typeof preview === 'object' ? `viewer:${preview.viewer}` : 'auto';
  }

  unpin(at: string): void {
    this.#keep(this.viewers.filter((one) => one.at !== at));
  }

  /** Changes how a socket is looked at. */
  set(at: string, change: Partial<Omit<Viewer, 'at'>>): void {
    this.#keep(this.viewers.map((one) => (one.at === at ? { ...one, ...change } : one)));
  }

  /** Why there is nothing to look at where a viewer looks; null where there is, or where it is not known yet. */
  absence(at: string): string | null {
    const found = this.#find(at);
    return found && 'why' in found ? found.why : null;
  }

  again(): void {
    this.#soon();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asking.abort();
  }

  #find(at: string): LookedAt | null {
    const session = this.#session();
    return session?.check ? lookedAt(at, session.document, session.check) : null;
  }

  #keep(viewers: readonly Viewer[]): void {
    this.viewers = viewers;
    localStorage.setItem(this.#store, JSON.stringify(viewers));
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), pause);
  }

  async #ask(): Promise<void> {
    const { image, dataset } = this.images;
    const session = this.#session();
    if (!session || !image) return;
    this.#asking.abort();
    const asking = (this.#asking = new AbortController());
    const { document } = session;
    // One socket that is not there would be the end of them all.
    const known = this.viewers.flatMap((viewer) => {
      const found = this.#find(viewer.at);
      return found && 'at' in found ? [{ at: viewer.at, viewer, given: found.at }] : [];
    });
    const under = new Map(known.map(({ at }) => [at, imagesAbove(document, session, topOf(at))]));
    const wanted = [
      ...known.map(({ viewer, given }) => ({ ...parseEnd(given), as: renderingOf(viewer) })),
      ...[...new Set(under.values())].flatMap((at) => (at === null ? [] : [{ ...parseEnd(at), as: { kind: 'image' } }])),
    ];
    if (wanted.length === 0) {
      this.seen = new Map();
      this.problem = null;
      this.isComputing = false;
      return;
    }
    const run = this.#run.run;
    const category = run && Object.hasOwn(run.metrics, image.category) ? image.category : Object.keys(run?.metrics ?? {})[0];
    this.isComputing = true;
    try {
      const weights = run && category !== undefined ? { run: { id: run.id }, category } : {};
      const body = { document, ...weights, images: [{ image: { dataset, image: image.id } }], wanted, client: this.#client, turn: ++this.#turn };
      const found = await call<Preview>('POST', '/preview', body, asking.signal);
      this.seen = new Map(
        known.map(({ at }, i): [string, Seen] => {
          const above = nodesAbove(document, topOf(at));
          const having = (state: string): string[] => Object.entries(found.nodes).flatMap(([node, { weights }]) => (weights === state && above.has(node.split('/')[0]!) ? [node] : []));
          const seenBy = under.get(at) ?? null;
          return [at, { value: found.values[i]!, under: seenBy === null || seenBy === at ? null : pictureOf(found, seenBy), unfitted: having('unfitted'), stale: having('stale') }];
        }),
      );
      this.milliseconds = found.milliseconds;
      this.problem = null;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.problem = problemOf(error);
    }
    this.isComputing = false;
  }
}

/** The node of the document itself that a socket belongs to, or the instance that it lies in. */
const topOf = (at: string): string => parseEnd(at).node.split('/')[0]!;

function renderingOf({ as, scale, colours }: Viewer): Record<string, unknown> {
  if (pluginViewerOf(as) !== undefined) return { kind: 'raw' };
  if (!['auto', 'mean', 'map'].includes(as)) return { kind: as };
  return { kind: as, colours, ...(as === 'map' ? scale : {}) };
}

function pictureOf({ values }: Preview, at: string): string | null {
  const { node, socket } = parseEnd(at);
  const shown = values.find((value) => value.node === node && value.socket === socket && value.shown.kind === 'image')?.shown;
  return shown && 'picture' in shown ? shown.picture.url : null;
}

function nodesAbove({ edges }: GraphDocument, node: string): ReadonlySet<string> {
  const found = new Set([node]);
  for (const one of found) for (const { from, to } of edges) if (parseEnd(to).node === one) found.add(parseEnd(from).node);
  return found;
}

/** The output that gives images and lies farthest above a node: what it sees, before it is normalised. */
function imagesAbove(document: GraphDocument, session: GraphSession, node: string): string | null {
  const above = [...nodesAbove(document, node)].reverse();
  for (const one of above) {
    const images = Object.entries(session.check?.sockets[one]?.outputs ?? {}).find(([name, { type }]) => type === 'images' && Object.hasOwn(session.check?.nodes[one]?.outputs ?? {}, name));
    if (images) return `${one}.${images[0]}`;
  }
  return null;
}

function read(store: string): readonly Viewer[] {
  try {
    const kept = JSON.parse(localStorage.getItem(store) ?? '[]') as (Omit<Viewer, 'colours'> & Partial<Viewer>)[];
    return kept.map((one) => ({ ...one, colours: one.colours ?? usualColours })).filter(({ at }) => typeof at === 'string' && /^[^.]+\.[^.]+$/.test(at));
  } catch {
    return [];
  }
}
