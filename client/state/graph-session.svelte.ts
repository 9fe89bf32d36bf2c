import type { GraphDocument } from '../../server/graph/document.ts';
import { applyPatch, invert, join, type Patch } from '../../server/graph/patch.ts';
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
  #done: Step[] = $state.raw([]);
  #undone: Step[] = $state.raw([]);
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

  get undoable(): string | null {
    return this.#done.at(-1)?.label ?? null;
  }

  get redoable(): string | null {
    return this.#undone.at(-1)?.label ?? null;
  }

  /** Makes an edit. An empty one is none. */
  perform(patch: Patch, label: string, merge: string | null = null): void {
    if (patch.length === 0) return;
    this.#apply(patch);
    const last = this.#done.at(-1);
    const at = Date.now();
    const isMore = merge !== null && last?.merge === merge && at - last.at < mergeWithin;
    const joined = isMore ? join(last.patch, patch) : patch;
    this.#done = [...(isMore ? this.#done.slice(0, -1) : this.#done), ...(joined.length > 0 ? [{ patch: joined, label, merge, at }] : [])];
    this.#undone = [];
  }

  undo(): void {
    const step = this.#done.at(-1);
    if (!step || !this.#try(invert(step.patch))) return;
    this.#done = this.#done.slice(0, -1);
    this.#undone = [...this.#undone, { ...step, merge: null }];
  }

  redo(): void {
    const step = this.#undone.at(-1);
    if (!step || !this.#try(step.patch)) return;
    this.#undone = this.#undone.slice(0, -1);
    this.#done = [...this.#done, step];
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

  /** False, and nothing is changed, where others have changed what the edit touches. */
  #try(patch: Patch): boolean {
    try {
      this.#apply(patch);
      return true;
    } catch (error) {
      const title = error instanceof Error ? error.message : String(error);
      this.refused = { problem: { title, status: 409, code: 'edit-conflict' }, patch };
      return false;
    }
  }

  #apply(patch: Patch): void {
    this.document = applyPatch(this.document, patch);
    this.#unsaved = join(this.#unsaved, patch);
    this.#keepUnsaved();
    // An edit and its undoing are nothing to save.
    this.saving = this.#unsaved.length > 0 ? 'unsaved' : this.#onItsWay.length > 0 ? 'saving' : 'saved';
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.#save(), saveAfter);
    this.#checkSoon();
  }

  async #save(): Promise<boolean> {
    if (this.#onItsWay.length > 0 || this.#unsaved.length === 0) return true;
    this.#onItsWay = this.#unsaved;
    this.#unsaved = [];
    this.saving = 'saving';
    try {
      const kept = await call<Kept>('PATCH', `/graphs/${this.id}`, { patch: this.#onItsWay, revision: this.#revision, by: 'the editor' });
      this.#onItsWay = [];
      this.#settleOn(kept);
      this.#keepUnsaved();
      this.saving = this.#unsaved.length > 0 ? 'unsaved' : 'saved';
      if (this.#unsaved.length > 0) this.#saveTimer = setTimeout(() => void this.#save(), saveAfter);
      return true;
    } catch (error) {
      const problem = error instanceof CallError ? error.problem : { title: String(error), status: 0, code: 'offline' };
      const patch = this.#onItsWay;
      this.#onItsWay = [];
      this.saving = 'unsaved';
      if (problem.code === 'offline' || problem.status >= 500) {
        this.#unsaved = join(patch, this.#unsaved);
        this.#saveTimer = setTimeout(() => void this.#save(), 2000);
        return false;
      }
      this.refused = { problem, patch };
      await this.#takeOthers();
      return false;
    }
  }

  /** Reads the newest revision and puts on it what is not saved yet. */
  async #takeOthers(): Promise<void> {
    try {
      this.#settleOn(await call<Kept>('GET', `/graphs/${this.id}`));
    } catch {
      // It is read when the server is back.
    }
  }

  #settleOn({ revision, document }: Kept): void {
    this.#revision = revision;
    try {
      this.document = this.#unsaved.length > 0 ? applyPatch(document, this.#unsaved) : document;
    } catch (error) {
      const title = error instanceof Error ? error.message : String(error);
      this.refused = { problem: { title, status: 409, code: 'edit-conflict', hint: 'look at what is there now, and make the edit again' }, patch: this.#unsaved };
      this.#unsaved = [];
      this.document = document;
    }
    this.#checkSoon();
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

  /** What is typed while the server is away outlives the page. */
  #keepUnsaved(): void {
    const patch = join(this.#onItsWay, this.#unsaved);
    if (patch.length === 0) localStorage.removeItem(this.#store);
    else localStorage.setItem(this.#store, JSON.stringify(patch));
  }

  #takeUpUnsaved(): void {
    const text = localStorage.getItem(this.#store);
    if (text === null) return;
    localStorage.removeItem(this.#store);
    this.#try(JSON.parse(text) as Patch);
  }
}
