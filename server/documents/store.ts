import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError, writeFileAtomically } from '../atomic-file.ts';
import { stringifyGraph } from '../graph/canonical.ts';
import { diffGraphs } from '../graph/diff.ts';
import type { GraphDocument } from '../graph/document.ts';
import { withLayoutIds } from '../graph/layout-ids.ts';
import { mustBeGraph, parseGraph } from '../graph/parse.ts';
import { applyPatch, change, ConflictError, type Conflict, type Patch } from '../graph/patch.ts';
import { fieldAt } from '../graph/path.ts';
import { sha256 } from '../graph/sha256.ts';
import { Turns } from '../turns.ts';
import { addRevision, readHistory, type Revision } from './history.ts';

/** A document as it is kept. */
export interface Kept {
  id: string;
  /** How many edits it has had, from 1: that it was created is the first. */
  revision: number;
  /** When it had the last of them: ISO 8601, UTC. */
  modified: string;
  document: GraphDocument;
}

/** A document after an edit, and the edits that were made between the revision that it was made on and its own. */
export interface Edited extends Kept {
  since: Revision[];
}

/** What can be known of a document in a list. One that cannot be read is listed with what is wrong with it. */
export interface Listed {
  id: string;
  name: string;
  revision?: number;
  modified?: string;
  problem?: string;
}

/** Told of everything that happens to documents. */
export interface Watcher {
  changed?(kept: Kept, by: string): void;
  removed?(id: string): void;
}

/** What must hold of the newest revision for it to be changed; throws where it does not. */
export type Condition = (kept: Kept) => void;

const idForm = /^[0-9a-f-]{36}$/;
const removedFolder = 'removed';

/** What every document was before its first edit. */
const nothing: GraphDocument = { stillroom: 1, name: '', nodes: {}, edges: [] };

/**
 * Documents in a folder: of each a folder named by its id, with `history.jsonl`, its edits from the first on, and
 * `graph.json`, what they come to, a text like every graph document, which people may copy, and edit by hand. One
 * process at a time may use a folder; within it edits of one document queue up.
 */
export class DocumentStore {
  readonly #root: string;
  readonly #watcher: Watcher;
  readonly #complete: (document: GraphDocument) => GraphDocument;
  readonly #known = new Map<string, { kept: Kept; stamp: string }>();
  readonly #turns = new Turns();

  /** `complete` adds to a document that is saved what follows from the rest of it. */
  constructor(root: string, watcher: Watcher = {}, complete: (document: GraphDocument) => GraphDocument = (document) => document) {
    this.#root = root;
    this.#watcher = watcher;
    this.#complete = complete;
  }

  /** The newest first; those that cannot be read last. */
  async list(): Promise<Listed[]> {
    const entries = await readdir(this.#root, { withFileTypes: true }).catch(() => []);
    const ids = entries.filter((entry) => entry.isDirectory() && idForm.test(entry.name)).map(({ name }) => name);
    const listed = await Promise.all(
      ids.map(async (id): Promise<Listed> => {
        try {
          const { revision, modified, document } = await this.read(id);
          return { id, name: document.name, revision, modified };
        } catch (error) {
          return { id, name: id, problem: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
    return listed.sort((a, b) => compare(b.modified ?? '', a.modified ?? '') || compare(a.id, b.id));
  }

  /** Those that were removed. */
  removed(): Promise<Listed[]> {
    return new DocumentStore(join(this.#root, removedFolder)).list();
  }

  async create(document: GraphDocument, by: string): Promise<Kept> {
    const id = randomUUID();
    const whole = this.#complete(withLayoutIds(mustBeGraph(document)));
    await mkdir(join(this.#root, id), { recursive: true });
    return this.#turns.take(id, () => this.#advance({ id, revision: 0, modified: '', document: nothing }, whole, by));
  }

  /**
   * The newest revision. A file that was edited by hand meanwhile is that edit; one that a killed write left behind its
   * history catches up.
   */
  read(id: string): Promise<Kept> {
    return this.#turns.take(id, () => this.#read(id));
  }

  /**
   * Makes an edit. It may have been made on an older revision, `made`: what touches other fields than the edits since is
   * put on top of them. Throws `edit-conflict` where it touches the same, `graph-invalid` where it would break the form.
   */
  edit(id: string, patch: Patch, by: string, { made, mustHold }: { made?: number | undefined; mustHold?: Condition | undefined } = {}): Promise<Edited> {
    return this.#turns.take(id, async () => {
      const kept = await this.#read(id);
      mustHold?.(kept);
      const since = made === undefined || made === kept.revision ? [] : (await this.#upTo(id, made)).since;
      if (patch.length === 0) return { ...kept, since };
      const asAsked = mustBeGraph(applyPatch(kept.document, patch));
      const whole = this.#complete(asAsked);
      return { ...(await this.#advance(kept, whole, by, whole === asAsked ? patch : undefined)), since };
    });
  }

  /** Puts a whole document in its place, as one edit. Throws `edit-conflict` where another was made since its revision. */
  replace(id: string, document: GraphDocument, made: number, by: string, mustHold?: Condition): Promise<Kept> {
    return this.#turns.take(id, async () => {
      const kept = await this.#read(id);
      mustHold?.(kept);
      const whole = this.#complete(withLayoutIds(mustBeGraph(document)));
      if (kept.revision !== made) {
        const lost = diffGraphs(madeBy((await this.#upTo(id, made)).revisions), kept.document);
        const conflicts = lost.map(({ path, before, after }): Conflict => ({ ...change(path, before, fieldAt(whole, path)), ...(after === undefined ? {} : { found: after }) }));
        if (conflicts.length) throw new ConflictError(conflicts);
      }
      return this.#advance(kept, whole, by);
    });
  }

  /** Makes of an earlier revision the newest, as one more edit. */
  revert(id: string, revision: number, by: string, mustHold?: Condition): Promise<Kept> {
    return this.#turns.take(id, async () => {
      const kept = await this.#read(id);
      mustHold?.(kept);
      return this.#advance(kept, madeBy((await this.#upTo(id, revision)).revisions), by);
    });
  }

  history(id: string): Promise<Revision[]> {
    return this.#turns.take(id, async () => {
      await this.#read(id);
      return this.#revisions(id);
    });
  }

  /** The document as it was. */
  at(id: string, revision: number): Promise<Kept> {
    return this.#turns.take(id, async () => {
      await this.#read(id);
      const { revisions } = await this.#upTo(id, revision);
      return { id, revision, modified: revisions.at(-1)!.at, document: madeBy(revisions) };
    });
  }

  /** Takes a document out of the list; its folder stays, under `removed`. */
  remove(id: string, mustHold?: Condition): Promise<void> {
    return this.#turns.take(id, async () => {
      // Not read without need: one that cannot be can be removed all the same.
      if (mustHold) mustHold(await this.#read(id));
      await mkdir(join(this.#root, removedFolder), { recursive: true });
      await move(this.#folder(id), join(this.#root, removedFolder, id), 'a graph');
      this.#known.delete(id);
      this.#watcher.removed?.(id);
    });
  }

  /** Puts one that was removed back into the list. Throws `no-graph` where none of this id was. */
  restore(id: string): Promise<Kept> {
    return this.#turns.take(id, async () => {
      const folder = this.#folder(id);
      await move(join(this.#root, removedFolder, id), folder, 'a removed graph');
      const kept = await this.#read(id);
      this.#watcher.changed?.(kept, 'restored');
      return kept;
    });
  }

  async #read(id: string): Promise<Kept> {
    const file = this.#file(id, 'graph.json');
    const stamp = await stampOf(file);
    const known = this.#known.get(id);
    if (known && stamp !== undefined && known.stamp === stamp) return known.kept;
    const revisions = await this.#revisions(id);
    const kept = { id, revision: revisions.length, modified: revisions.at(-1)?.at ?? '', document: madeBy(revisions) };
    if (stamp === undefined) {
      if (revisions.length === 0) throw new StillroomError('no-graph', `expected a graph of this id, found none: ${id}`);
      return this.#write(kept);
    }
    const text = await readFile(file, 'utf8');
    const last = revisions.at(-1);
    if (last?.sha256 === sha256(text)) return this.#remember(kept);
    // A killed write has left the text of an edit before the last; one that was put there since is somebody's edit.
    const isLeft = last !== undefined && (await stat(file)).mtimeMs <= Date.parse(last.at);
    if (isLeft && revisions.some((earlier) => earlier.sha256 === sha256(text))) return this.#write(kept);
    const { document, problems } = parseGraph(text);
    if (!document) {
      throw new StillroomError('graph-invalid', `expected a graph document, found: ${problems[0]!.message}`, {
        file,
        problems,
        hint: 'mend the file, or remove it: it is then made again from history.jsonl',
      });
    }
    return this.#advance(kept, withLayoutIds(document), 'the file, edited by hand');
  }

  async #revisions(id: string): Promise<Revision[]> {
    return (await readHistory(this.#file(id, 'history.jsonl'))).revisions;
  }

  /** The edits up to a revision, and those after it. Throws `no-revision`. */
  async #upTo(id: string, revision: number): Promise<Record<'revisions' | 'since', Revision[]>> {
    const all = await this.#revisions(id);
    if (!Number.isInteger(revision) || revision < 1 || revision > all.length) {
      throw new StillroomError('no-revision', `expected a revision from 1 to ${all.length}, found ${revision}`);
    }
    return { revisions: all.slice(0, revision), since: all.slice(revision) };
  }

  /** The history first: an edit that is in it is never lost, and the document catches up. */
  async #advance(kept: Kept, document: GraphDocument, by: string, patch = diffGraphs(kept.document, document)): Promise<Kept> {
    if (patch.length === 0 && kept.revision > 0) return this.#write(kept);
    const next = { id: kept.id, revision: kept.revision + 1, modified: new Date().toISOString(), document };
    const text = stringifyGraph(document);
    await addRevision(this.#file(kept.id, 'history.jsonl'), { revision: next.revision, at: next.modified, by, patch, sha256: sha256(text) });
    const written = await this.#write(next);
    this.#watcher.changed?.(written, by);
    return written;
  }

  async #write(kept: Kept): Promise<Kept> {
    await writeFileAtomically(this.#file(kept.id, 'graph.json'), (handle) => handle.writeFile(stringifyGraph(kept.document)));
    return this.#remember(kept);
  }

  async #remember(kept: Kept): Promise<Kept> {
    const stamp = await stampOf(this.#file(kept.id, 'graph.json'));
    if (stamp !== undefined) this.#known.set(kept.id, { kept, stamp });
    return kept;
  }

  #folder(id: string): string {
    if (!idForm.test(id)) throw new StillroomError('no-graph', `expected the id of a graph, found ${JSON.stringify(id.slice(0, 60))}`);
    return join(this.#root, id);
  }

  #file(id: string, name: string): string {
    return join(this.#folder(id), name);
  }
}

function madeBy(revisions: readonly Revision[]): GraphDocument {
  return revisions.reduce((document, { patch }) => applyPatch(document, patch), nothing);
}

async function move(from: string, to: string, what: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw asWriteError(error, to);
    throw new StillroomError('no-graph', `expected ${what} of this id, found none: ${basename(from)}`);
  });
}

/** What tells one content of a file from another without reading it; undefined where there is none. */
async function stampOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
