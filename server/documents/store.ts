import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { stringifyGraph } from '../graph/canonical.ts';
import { diffGraphs } from '../graph/diff.ts';
import type { GraphDocument } from '../graph/document.ts';
import { withLayoutIds } from '../graph/layout-ids.ts';
import { mustBeGraph, parseGraph } from '../graph/parse.ts';
import { applyPatch, type Patch } from '../graph/patch.ts';
import { sha256 } from '../graph/sha256.ts';
import { addRevision, readHistory, type Revision } from './history.ts';

/** A document as it is kept. */
export interface Kept {
  id: string;
  /** How many edits it has had, from 1: that it was created is the first. */
  revision: number;
  document: GraphDocument;
}

/** What can be known of a document in a list. One that cannot be read is listed with what is wrong with it. */
export interface Listed {
  id: string;
  name: string;
  problem?: string;
}

const idForm = /^[0-9a-f-]{36}$/;

/** What every document was before its first edit. */
const nothing: GraphDocument = { stillroom: 1, name: '', nodes: {}, edges: [] };

/**
 * Documents in a folder: of each a folder named by its id, with `history.jsonl`, its edits from the first on, and
 * `graph.json`, what they come to, a text like every graph document, which people may copy, and edit by hand. One
 * process at a time may use a folder; within it edits of one document queue up.
 */
export class DocumentStore {
  readonly #root: string;
  readonly #known = new Map<string, { kept: Kept; stamp: string }>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(root: string) {
    this.#root = root;
  }

  async list(): Promise<Listed[]> {
    const entries = await readdir(this.#root, { withFileTypes: true }).catch(() => []);
    const ids = entries.filter((entry) => entry.isDirectory() && idForm.test(entry.name)).map(({ name }) => name);
    return Promise.all(
      ids.map(async (id) => {
        try {
          return { id, name: (await this.read(id)).document.name };
        } catch (error) {
          return { id, name: id, problem: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
  }

  async create(document: GraphDocument, by: string): Promise<Kept> {
    const id = randomUUID();
    const whole = withLayoutIds(mustBeGraph(document));
    await mkdir(join(this.#root, id), { recursive: true });
    return this.#inTurn(id, () => this.#advance({ id, revision: 0, document: nothing }, whole, by));
  }

  /**
   * The newest revision. A file that was edited by hand meanwhile is that edit; one that a killed write left behind its
   * history catches up.
   */
  read(id: string): Promise<Kept> {
    return this.#inTurn(id, () => this.#read(id));
  }

  /**
   * Makes an edit. It may have been made on an older revision: what touches other fields than the edits since is put
   * on top of them. Throws `edit-conflict` where it touches the same, `graph-invalid` where it would break the form.
   */
  edit(id: string, patch: Patch, by: string): Promise<Kept> {
    return this.#inTurn(id, async () => {
      const kept = await this.#read(id);
      return patch.length === 0 ? kept : this.#advance(kept, mustBeGraph(applyPatch(kept.document, patch)), by, patch);
    });
  }

  /** Puts a whole document in its place, as one edit. Throws `edit-conflict` where it is not of the newest revision. */
  replace(id: string, document: GraphDocument, revision: number, by: string): Promise<Kept> {
    return this.#inTurn(id, async () => {
      const kept = await this.#read(id);
      if (kept.revision !== revision) {
        throw new StillroomError('edit-conflict', `expected a document made of revision ${kept.revision}, found one of revision ${revision}`, {
          hint: 'read the newest revision and make the change on it',
        });
      }
      return this.#advance(kept, withLayoutIds(mustBeGraph(document)), by);
    });
  }

  history(id: string): Promise<Revision[]> {
    return this.#inTurn(id, async () => {
      await this.#read(id);
      return (await readHistory(this.#file(id, 'history.jsonl'))).revisions;
    });
  }

  /** The document as it was. */
  async at(id: string, revision: number): Promise<GraphDocument> {
    const revisions = await this.history(id);
    if (!Number.isInteger(revision) || revision < 1 || revision > revisions.length) {
      throw new StillroomError('no-revision', `expected a revision from 1 to ${revisions.length}, found ${revision}`);
    }
    return madeBy(revisions.slice(0, revision));
  }

  /** Takes a document out of the list; its folder stays, under `removed`. */
  remove(id: string): Promise<void> {
    return this.#inTurn(id, async () => {
      await this.#read(id);
      await mkdir(join(this.#root, 'removed'), { recursive: true });
      await rename(join(this.#root, id), join(this.#root, 'removed', id));
      this.#known.delete(id);
    });
  }

  async #read(id: string): Promise<Kept> {
    const file = this.#file(id, 'graph.json');
    const stamp = await stampOf(file);
    const known = this.#known.get(id);
    if (known && stamp !== undefined && known.stamp === stamp) return known.kept;
    const { revisions } = await readHistory(this.#file(id, 'history.jsonl'));
    const kept = { id, revision: revisions.length, document: madeBy(revisions) };
    if (stamp === undefined) {
      if (revisions.length === 0) throw new StillroomError('no-graph', `expected a graph of this id, found none: ${id}`);
      return this.#write(kept);
    }
    const text = await readFile(file, 'utf8');
    const last = revisions.at(-1);
    if (last?.sha256 === sha256(text)) return this.#remember(kept);
    // A killed write has left the text of an edit before the last.
    if (revisions.some((earlier) => earlier.sha256 === sha256(text))) return this.#write(kept);
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

  /** The history first: an edit that is in it is never lost, and the document catches up. */
  async #advance({ id, revision, document }: Kept, after: GraphDocument, by: string, patch = diffGraphs(document, after)): Promise<Kept> {
    const next = { id, revision: revision + 1, document: after };
    if (patch.length === 0 && revision > 0) return this.#write({ id, revision, document });
    const text = stringifyGraph(after);
    await addRevision(this.#file(id, 'history.jsonl'), { revision: next.revision, at: new Date().toISOString(), by, patch, sha256: sha256(text) });
    return this.#write(next);
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

  #file(id: string, name: string): string {
    if (!idForm.test(id)) throw new StillroomError('no-graph', `expected the id of a graph, found ${JSON.stringify(id.slice(0, 60))}`);
    return join(this.#root, id, name);
  }

  #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).catch(() => undefined).then(work);
    this.#turns.set(id, turn);
    void turn.catch(() => undefined).finally(() => this.#turns.get(id) === turn && this.#turns.delete(id));
    return turn;
  }
}

function madeBy(revisions: readonly Revision[]): GraphDocument {
  return revisions.reduce((document, { patch }) => applyPatch(document, patch), nothing);
}

/** What tells one content of a file from another without reading it; undefined where there is none. */
async function stampOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
}
