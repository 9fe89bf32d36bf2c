import type { Problem } from '../../plugins/sdk/index.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import { applyPatch, invert, isSame, join, type Patch } from '../../server/graph/patch.ts';
import { fieldAt } from '../../server/graph/path.ts';
import { insist, rebase, rename, type Clash, type Rebased } from '../../server/graph/rebase.ts';
import { call, CallError, type ProblemDetails } from './call.ts';
import { live } from './live.svelte.ts';
import type { Check } from './types.ts';

interface Kept {
  id: string;
  revision: number;
  document: GraphDocument;
}

interface Step {
  patch: Patch;
  /** What was done, in words for a menu. */
  label: string;
  /** Steps of one key in a row are one: a drag, a value that is being typed. */
  merge: string | null;
  at: number;
}

/** Steps of one key merge when they come this close after one another, ms. */
const mergeWithin = 1500;
const saveAfter = 250;
const checkAfter = 60;

/**
 * A graph that is being edited. The document is the truth: an edit is a patch, applied here at once and saved by
 * itself; undo is the patch turned round. What others save meanwhile is put below what is not saved yet.
 */
export class GraphSession {
  readonly id: string;
  document: GraphDocument = $state.raw({ stillroom: 1, name: '', nodes: {}, edges: [] });
  check: Check | null = $state.raw(null);
  saving: 'saved' | 'saving' | 'unsaved' = $state('saved');
  /** What the server refused, until it is seen. */
  refused: { problem: ProblemDetails; patch: Patch } | null = $state.raw(null);
  /** What others have edited too since it was edited here: theirs is in the document, until somebody decides. */
  clashes: readonly Clash[] = $state.raw([]);
  /** Nodes that newer versions of their types have written: what an edit would make of them is not known here. */
  readonly newer: readonly Problem[] = $derived((this.check?.problems ?? []).filter(({ code }) => code === 'node-type-too-new'));
  /** Whether somebody wants to edit it all the same. */
  editsNewer = $state(false);
  #done: readonly Step[] = $state.raw([]);
  #undone: readonly Step[] = $state.raw([]);
  #revision = 0;
  /** Made here and not saved yet; of these the first part is on its way. */
  #unsaved: Patch = [];
  #onItsWay: Patch = [];
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #checks = 0;
  readonly #end: () => void;

  private constructor({ id, revision, document }: Kept) {
    this.id = id;
    this.document = document;
    this.#revision = revision;
    this.#takeUpUnsaved();
    this.#end = live.listen<{ revision: number }>(`graphs/${id}`, ({ revision }) => {
      if (revision > this.#revision && this.#onItsWay.length === 0) void this.#takeOthers();
    });
    void this.#check();
  }

  static async open(id: string): Promise<GraphSession> {
    return new GraphSession(await call<Kept>('GET', `/graphs/${id}`));
  }

  /** It is looked at, and not changed. */
  get isReadOnly(): boolean {
    return this.newer.length > 0 && !this.editsNewer;
  }

  get undoable(): string | null {
    return this.#done.at(-1)?.label ?? null;
  }

  get redoable(): string | null {
    return this.#undone.at(-1)?.label ?? null;
  }

  /** Makes an edit. An empty one is none, and neither is one of a graph that is only looked at. */
  perform(patch: Patch, label: string, merge: string | null = null): void {
    if (patch.length === 0 || this.isReadOnly) return;
    // Who edits a field anew has decided about it.
    this.clashes = this.clashes.filter(({ changes }) => !changes.some(({ path }) => patch.some((one) => isSame(one.path, path))));
    this.#apply(patch);
    const last = this.#done.at(-1);
    const at = Date.now();
    const isMore = merge !== null && last?.merge === merge && at - last.at < mergeWithin;
    const joined = isMore ? join(last.patch, patch) : patch;
    this.#done = [...(isMore ? this.#done.slice(0, -1) : this.#done), ...(joined.length > 0 ? [{ patch: joined, label, merge, at }] : [])];
    this.#undone = [];
  }

  /** Takes back the last step, as far as others have not edited the same since. */
  undo(): void {
    const step = this.#done.at(-1);
    if (!step) return;
    const patch = invert(this.#meet(invert(step.patch)));
    this.#done = this.#done.slice(0, -1);
    if (patch.length > 0) this.#undone = [...this.#undone, { ...step, patch, merge: null }];
  }

  redo(): void {
    const step = this.#undone.at(-1);
    if (!step) return;
    const patch = this.#meet(step.patch);
    this.#undone = this.#undone.slice(0, -1);
    if (patch.length > 0) this.#done = [...this.#done, { ...step, patch }];
  }

  /** Has one's own of a clash, or what others made of it. One's own is an edit like any other. */
  decide(clash: Clash, whose: 'mine' | 'theirs'): void {
    const patch = whose === 'mine' ? insist(this.document, clash) : [];
    this.clashes = this.clashes.filter((one) => one !== clash);
    this.perform(patch, 'Keep mine');
    this.#keepUnsaved();
  }

  /** What the server says of it may be another, though it is the same. */
  checkAnew(): void {
    this.#checkSoon();
  }

  /** Waits until everything is saved; false where it cannot be. */
  async settle(): Promise<boolean> {
    clearTimeout(this.#saveTimer);
    while (this.#unsaved.length > 0 || this.#onItsWay.length > 0) {
      if (this.#onItsWay.length > 0) await new Promise((wait) => setTimeout(wait, 30));
      else if (!(await this.#save())) return false;
    }
    return true;
  }

  close(): void {
    this.#end();
    clearTimeout(this.#checkTimer);
    void this.settle();
  }

  /** Makes what of a step still fits, and gives that; what others have edited since is asked about. */
  #meet(patch: Patch): Patch {
    const { fits, clashes } = rebase(this.document, patch);
    // What stood on something that is gone goes with it.
    this.clashes = [...this.clashes, ...clashes.filter((clash) => insist(this.document, clash).length > 0)];
    this.#apply(fits);
    return fits;
  }

  #apply(patch: Patch): void {
    this.document = applyPatch(this.document, patch);
    // An edit and its undoing are nothing to save.
    this.#unsaved = join(this.#unsaved, patch);
    this.#keepUnsaved();
    this.#tellSaving();
    this.#saveSoon();
    this.#checkSoon();
  }

  #tellSaving(): void {
    this.saving = this.#unsaved.length > 0 ? 'unsaved' : this.#onItsWay.length > 0 ? 'saving' : 'saved';
  }

  #saveSoon(after = saveAfter): void {
    clearTimeout(this.#saveTimer);
    if (this.#unsaved.length > 0) this.#saveTimer = setTimeout(() => void this.#save(), after);
  }

  async #save(): Promise<boolean> {
    if (this.#onItsWay.length > 0 || this.#unsaved.length === 0) return true;
    this.#onItsWay = this.#unsaved;
    this.#unsaved = [];
    this.#tellSaving();
    const revision = this.#revision;
    try {
      const kept = await call<Kept>('PATCH', `/graphs/${this.id}`, { patch: this.#onItsWay, revision, by: 'the editor' });
      this.#onItsWay = [];
      this.#settleOn(kept);
      this.#saveSoon();
      return true;
    } catch (error) {
      const problem = error instanceof CallError ? error.problem : { title: String(error), status: 0, code: 'offline' };
      const [patch, later] = [this.#onItsWay, this.#unsaved];
      this.#onItsWay = [];
      this.#unsaved = join(patch, later);
      const isAway = problem.code === 'offline' || problem.status >= 500;
      if (isAway || (problem.code === 'edit-conflict' && (await this.#takeOthers()) && this.#revision > revision)) {
        this.#tellSaving();
        this.#saveSoon(isAway ? 2000 : saveAfter);
        return !isAway;
      }
      this.refused = { problem, patch };
      this.#unsaved = later;
      await this.#takeOthers();
      this.#tellSaving();
      this.#saveSoon();
      return false;
    }
  }

  /** Reads the newest revision and puts on it what is not saved yet; false where there is no answer. */
  async #takeOthers(): Promise<boolean> {
    try {
      const kept = await call<Kept>('GET', `/graphs/${this.id}`);
      // While it was asked for a save may have brought more.
      if (kept.revision >= this.#revision && this.#onItsWay.length === 0) this.#settleOn(kept);
      return true;
    } catch {
      // It is read when the server is back.
      return false;
    }
  }

  #settleOn({ revision, document }: Kept): void {
    this.#revision = revision;
    this.#put(document, this.#unsaved, this.document);
    this.#checkSoon();
  }

  /** Puts edits on a document; what clashes there is asked about, and is no step to be undone any more. */
  #put(document: GraphDocument, patch: Patch, made?: GraphDocument): void {
    const { fits, clashes, renamed } = rebase(document, patch, made);
    this.#unsaved = fits;
    this.document = fits.length > 0 ? applyPatch(document, fits) : document;
    const isOver = ({ changes }: Clash): boolean => changes.every(({ path, after }) => isSame(fieldAt(this.document, path), after));
    this.clashes = [...this.clashes.filter((one) => !isOver(one)), ...clashes];
    this.#done = adapted(this.#done, clashes, renamed);
    this.#undone = adapted(this.#undone, clashes, renamed);
    this.#keepUnsaved();
    this.#tellSaving();
  }

  #checkSoon(): void {
    clearTimeout(this.#checkTimer);
    this.#checkTimer = setTimeout(() => void this.#check(), checkAfter);
  }

  async #check(): Promise<void> {
    const number = ++this.#checks;
    const check = await call<Check>('POST', '/check', { document: this.document }).catch(() => null);
    // An answer to an older document than the last that was answered is of no use.
    if (check && number === this.#checks) this.check = check;
  }

  get #store(): string {
    return `stillroom.unsaved.${this.id}`;
  }

  /** What is typed while the server is away, or is not decided about, outlives the page. */
  #keepUnsaved(): void {
    const patch = [this.#onItsWay, this.#unsaved].reduce(join, this.clashes.flatMap(({ changes }) => changes));
    if (patch.length === 0) localStorage.removeItem(this.#store);
    else localStorage.setItem(this.#store, JSON.stringify(patch));
  }

  #takeUpUnsaved(): void {
    const text = localStorage.getItem(this.#store);
    if (text === null) return;
    this.#put(this.document, JSON.parse(text) as Patch);
    this.#saveSoon();
  }
}

/** Steps without what clashed in them, and with other ids. */
function adapted(steps: readonly Step[], clashes: readonly Clash[], renamed: Rebased['renamed']): readonly Step[] {
  if (clashes.length === 0 && renamed.length === 0) return steps;
  const gone = clashes.flatMap(({ changes }) => changes);
  return steps
    .map((step) => ({ ...step, patch: renamed.reduce(rename, step.patch).filter(({ path }) => !gone.some((one) => isSame(one.path, path))) }))
    .filter(({ patch }) => patch.length > 0);
}
