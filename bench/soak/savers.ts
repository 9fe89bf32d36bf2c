import { isDeepStrictEqual } from 'node:util';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../plugins/sdk/random.ts';
import { stringifyGraph } from '../../server/graph/canonical.ts';
import { Edits } from '../../server/graph/commands.ts';
import type { GraphDocument } from '../../server/graph/document.ts';
import { applyPatch, type Patch } from '../../server/graph/patch.ts';
import { distilGraph } from '../../test/server/runtime/trial-graphs.ts';
import type { SoakServer } from './soak-server.ts';

interface Kept {
  id: string;
  revision: number;
  document: GraphDocument;
}

interface Revision {
  revision: number;
  by: string;
  patch: Patch;
}

/** A save that the server has answered for, and what it said that the graph is since. */
interface Saved extends Kept {
  by: string;
}

/** Clients that edit the same graphs, often on older revisions than the newest, and what each was told of its saves. */
export class Savers {
  conflicts = 0;
  /** Saves whose answer never came, since the server was killed. */
  unanswered = 0;
  readonly saved: Saved[] = [];
  readonly #server: SoakServer;
  readonly #ids: string[] = [];
  /** Who made them, of all that may have been saved. */
  readonly #tried = new Set<string>();

  constructor(server: SoakServer) {
    this.#server = server;
  }

  async create(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { body } = await this.#server.mustAnswer('POST', '/graphs', { document: distilGraph(), name: `Graph ${i}`, by: 'the soak' });
      this.#ids.push((body as Kept).id);
    }
  }

  /** One client makes its saves, each until it is in the history. */
  async client(name: string, count: number, random: Random, pause: number): Promise<void> {
    const copies = new Map<string, Kept>();
    for (let k = 0; k < count; k++) {
      const id = this.#ids[random.integer(this.#ids.length)]!;
      const [isStale, isWhole, field, value] = [random.uniform() < 0.6, random.uniform() < 0.3, random.integer(4), 1 + random.integer(50)];
      let copy = (isStale ? copies.get(id) : undefined) ?? (await this.#read(id));
      for (let attempt = 1; ; attempt++) {
        const by = `${name} ${k}.${attempt}`;
        const done = await this.#save(copy, by, isWhole, fields[field]!, `${name} ${k} ${value}`, value);
        copy = done ?? (await this.#read(id));
        if (done) break;
        const found = await this.#inHistory(id, by);
        if (!found) continue;
        this.saved.push(found);
        copy = found;
        break;
      }
      copies.set(id, copy);
      await sleep(random.uniform() * 2 * pause);
    }
  }

  /** The graph after the save; undefined where it was refused, or nobody knows. */
  async #save({ id, revision, document }: Kept, by: string, isWhole: boolean, field: Field, text: string, value: number): Promise<Kept | undefined> {
    const edits = new Edits(document);
    const patch = field === 'name' ? [{ path: ['name'], before: document.name, after: text }] : field === 'title' ? edits.setNode('teacher', 'title', text) : edits.setParam(field, 'epochs', value);
    // Nothing to do: it is as it is to be.
    if (patch.length === 0) return this.#save({ id, revision, document }, by, isWhole, field, text, value + 1);
    this.#tried.add(by);
    const answer = isWhole
      ? await this.#server.ask('PUT', `/graphs/${id}`, { document: applyPatch(document, patch), revision, by })
      : await this.#server.ask('PATCH', `/graphs/${id}`, { patch, revision, by });
    if (answer?.status === 200) {
      const saved = answer.body as Kept;
      this.saved.push({ id, revision: saved.revision, document: saved.document, by });
      return saved;
    }
    if (answer && answer.status !== 409) throw new Error(`a save was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
    if (answer) this.conflicts++;
    else this.unanswered++;
    return undefined;
  }

  async #read(id: string): Promise<Kept> {
    return (await this.#server.mustAnswer('GET', `/graphs/${id}`)).body;
  }

  async #inHistory(id: string, by: string): Promise<Saved | undefined> {
    const found = (await this.#history(id)).find((one) => one.by === by);
    if (!found) return undefined;
    const { body } = await this.#server.mustAnswer('GET', `/graphs/${id}?revision=${found.revision}`);
    return { ...(body as Kept), by };
  }

  async #history(id: string): Promise<Revision[]> {
    const all: Revision[] = [];
    for (;;) {
      const { body } = await this.#server.mustAnswer('GET', `/graphs/${id}/history?after=${all.length}&limit=500`);
      const page = (body as { revisions: Revision[] }).revisions.toReversed();
      all.push(...page);
      if (page.length < 500) return all;
    }
  }

  /** What is not as it should be: every save that was answered is a revision, once, and every revision is what it was. */
  async violations(home: string): Promise<string[]> {
    const wrong: string[] = [];
    for (const id of this.#ids) {
      const history = await this.#history(id);
      let document: GraphDocument = { stillroom: 1, name: '', nodes: {}, edges: [] };
      const documents = history.map(({ revision, patch }, i) => {
        if (revision !== i + 1) wrong.push(`graph ${id}: revision ${revision} in the place of ${i + 1}`);
        return (document = applyPatch(document, patch));
      });
      const makers = history.map(({ by }) => by);
      for (const by of new Set(makers)) {
        if (makers.filter((one) => one === by).length > 1) wrong.push(`graph ${id}: "${by}" is there twice`);
        if (by !== 'the soak' && !this.#tried.has(by)) wrong.push(`graph ${id}: nobody made "${by}"`);
      }
      for (const saved of this.saved.filter((one) => one.id === id)) {
        if (makers[saved.revision - 1] !== saved.by) wrong.push(`graph ${id}: "${saved.by}" is not revision ${saved.revision}`);
        else if (!isDeepStrictEqual(documents[saved.revision - 1], saved.document)) wrong.push(`graph ${id}: revision ${saved.revision} is not what was answered`);
      }
      const newest = await this.#read(id);
      if (newest.revision !== history.length || !isDeepStrictEqual(newest.document, document)) wrong.push(`graph ${id}: the newest revision is not what its history comes to`);
      if (readFileSync(join(home, 'graphs', id, 'graph.json'), 'utf8') !== stringifyGraph(document)) wrong.push(`graph ${id}: its file is not what its history comes to`);
      const earlier = 1 + Math.floor(history.length / 2);
      const { body } = await this.#server.mustAnswer('GET', `/graphs/${id}?revision=${earlier}`);
      if (!isDeepStrictEqual((body as Kept).document, documents[earlier - 1])) wrong.push(`graph ${id}: revision ${earlier} is not what its history comes to`);
    }
    return wrong;
  }
}

const fields = ['fit1', 'fit2', 'name', 'title'] as const;
type Field = (typeof fields)[number];
