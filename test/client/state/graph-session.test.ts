import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GraphSession } from '../../../client/state/graph-session.svelte.ts';
import { Edits } from '../../../server/graph/commands.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { applyPatch, type Patch } from '../../../server/graph/patch.ts';

const told = new Map<string, (state: never) => void>();
vi.mock('../../../client/state/live.svelte.ts', () => ({ live: { listen: (topic: string, listener: (state: never) => void) => (told.set(topic, listener), () => told.delete(topic)) } }));

/** A server that keeps one graph, and can be away. */
class Kept {
  revision = 1;
  document: GraphDocument = { stillroom: 1, name: 'one', nodes: { a: { type: 'x/a', version: 1, params: { size: 1 } } }, edges: [] };
  isAway = false;
  refuses = false;
  saves = 0;
  problems: object[] = [];

  readonly fetch = async (address: string, { method, body }: { method: string; body?: string }): Promise<Response> => {
    if (this.isAway) throw new TypeError('away');
    if (address === '/api/check') return answer({ ok: true, problems: this.problems, nodes: {}, edges: [], sockets: {}, total: {} });
    if (method === 'PATCH' && this.refuses) return answer({ title: 'expected a graph, found none', code: 'graph-invalid', status: 422 }, 422);
    if (method === 'PATCH') {
      const { patch } = JSON.parse(body!) as { patch: Patch };
      try {
        this.document = applyPatch(this.document, patch);
      } catch (error) {
        return answer({ title: (error as Error).message, code: 'edit-conflict', status: 409 }, 409);
      }
      this.revision += 1;
      this.saves += 1;
    }
    return answer({ id: 'g', revision: this.revision, document: this.document });
  };

  /** Somebody else edits the graph. */
  edit(patch: Patch): void {
    this.document = applyPatch(this.document, patch);
    this.revision += 1;
    told.get('graphs/g')?.({ revision: this.revision } as never);
  }
}

const answer = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const setSize = (document: GraphDocument, size: number | undefined): Patch => new Edits(document).setParam('a', 'size', size);
const sizeOf = ({ nodes }: GraphDocument): unknown => nodes['a']!.params?.['size'];

describe('a graph under somebody’s hands', () => {
  let kept: Kept;
  let session: GraphSession;
  const stored = new Map<string, string>();
  const size = (to: number | undefined, merge: string | null = null): void => session.perform(setSize(session.document, to), 'Set size', merge);

  beforeEach(async () => {
    vi.useFakeTimers();
    stored.clear();
    kept = new Kept();
    vi.stubGlobal('fetch', kept.fetch);
    vi.stubGlobal('localStorage', { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => stored.set(key, value), removeItem: (key: string) => stored.delete(key) });
    session = await GraphSession.open('g');
  });
  afterEach(() => {
    session.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('saves what is edited, several edits at once', async () => {
    size(2);
    size(3);
    expect(session.saving).toBe('unsaved');
    await vi.advanceTimersByTimeAsync(400);
    expect(sizeOf(kept.document)).toBe(3);
    expect(kept.saves).toBe(1);
    expect(session.saving).toBe('saved');
  });

  it('undoes and redoes without end, and says what', async () => {
    for (let i = 2; i < 60; i++) size(i);
    for (let i = 58; i > 0; i--) {
      session.undo();
      expect(sizeOf(session.document)).toBe(i);
    }
    expect(session.undoable).toBeNull();
    expect(session.redoable).toBe('Set size');
    for (let i = 2; i < 60; i++) session.redo();
    expect(sizeOf(session.document)).toBe(59);
    size(1);
    expect(session.redoable).toBeNull();
  });

  it('takes what is typed in one go for one step, and a later one for another', async () => {
    size(2, 'a.size');
    size(3, 'a.size');
    await vi.advanceTimersByTimeAsync(2000);
    size(4, 'a.size');
    session.undo();
    expect(sizeOf(session.document)).toBe(3);
    session.undo();
    expect(sizeOf(session.document)).toBe(1);
  });

  it('changes nothing of a graph that newer versions of nodes have written, until somebody wants it', async () => {
    kept.problems = [{ code: 'node-type-too-new', severity: 'error', node: 'a', message: 'expected "x/a" of version 1 or older, found 3' }];
    session.checkAnew();
    await vi.advanceTimersByTimeAsync(100);
    expect(session.isReadOnly).toBe(true);
    size(2);
    await vi.advanceTimersByTimeAsync(400);
    expect([sizeOf(session.document), session.undoable, kept.saves]).toEqual([1, null, 0]);
    session.editsNewer = true;
    size(2);
    await vi.advanceTimersByTimeAsync(400);
    expect(sizeOf(kept.document)).toBe(2);
    // A plugin that was brought up to date has nothing that is too new.
    kept.problems = [];
    session.editsNewer = false;
    session.checkAnew();
    await vi.advanceTimersByTimeAsync(100);
    expect(session.isReadOnly).toBe(false);
  });

  it('has nothing to save after an edit that is undone at once', async () => {
    size(2);
    session.undo();
    expect(session.saving).toBe('saved');
    await vi.advanceTimersByTimeAsync(400);
    expect(kept.saves).toBe(0);
  });

  it('puts what is not saved yet on what others have saved', async () => {
    kept.edit(new Edits(kept.document).setNode('a', 'title', 'Theirs'));
    size(5);
    await vi.advanceTimersByTimeAsync(400);
    expect(session.document.nodes['a']).toMatchObject({ title: 'Theirs', params: { size: 5 } });
    expect(kept.document.nodes['a']).toMatchObject({ title: 'Theirs', params: { size: 5 } });
  });

  describe('where others have changed the same meanwhile', () => {
    /** Another has set 9, and saved it, while 5 was set here. */
    const clash = async (): Promise<void> => {
      size(5);
      kept.document = applyPatch(kept.document, setSize(kept.document, 9));
      kept.revision += 1;
      await vi.advanceTimersByTimeAsync(400);
    };

    it('has theirs, keeps one’s own beside it, and has nothing left to save', async () => {
      await clash();
      expect(sizeOf(session.document)).toBe(9);
      expect(session.clashes.map(({ path, changes }) => [path.at(-1), changes[0]!.after])).toEqual([['size', 5]]);
      await vi.advanceTimersByTimeAsync(400);
      expect(session.saving).toBe('saved');
      expect(session.refused).toBeNull();
    });

    it('has one’s own when that is chosen, saves it, and undoes it to theirs', async () => {
      await clash();
      session.decide(session.clashes[0]!, 'mine');
      expect(session.clashes).toEqual([]);
      await vi.advanceTimersByTimeAsync(400);
      expect(sizeOf(kept.document)).toBe(5);
      session.undo();
      expect(sizeOf(session.document)).toBe(9);
      expect(session.undoable).toBeNull();
      session.redo();
      expect(sizeOf(session.document)).toBe(5);
    });

    it('leaves theirs when that is chosen, and undoes what came before', async () => {
      session.perform(new Edits(session.document).setNode('a', 'title', 'Named'), 'Name node');
      await vi.advanceTimersByTimeAsync(400);
      await clash();
      session.decide(session.clashes[0]!, 'theirs');
      expect(sizeOf(session.document)).toBe(9);
      session.undo();
      expect(session.document.nodes['a']!.title).toBeUndefined();
      expect(sizeOf(session.document)).toBe(9);
    });

    it('takes editing the field anew for a decision', async () => {
      await clash();
      size(6);
      expect(session.clashes).toEqual([]);
      await vi.advanceTimersByTimeAsync(400);
      expect(sizeOf(kept.document)).toBe(6);
    });

    it('asks as well where theirs comes before one’s own is saved', () => {
      size(5);
      kept.edit(setSize(kept.document, 9));
      return vi.advanceTimersByTimeAsync(0).then(() => expect(session.clashes).toHaveLength(1));
    });

    it('asks again after the page was loaded anew', async () => {
      await clash();
      const again = await GraphSession.open('g');
      expect(again.clashes.map(({ changes }) => changes[0]!.after)).toEqual([5]);
      expect(sizeOf(again.document)).toBe(9);
      again.close();
    });

    it('undoes of a step what others have left, and asks about the rest', async () => {
      session.perform([...setSize(session.document, 5), ...new Edits(session.document).setNode('a', 'title', 'Mine')], 'Both');
      await vi.advanceTimersByTimeAsync(400);
      kept.edit(setSize(kept.document, 9));
      await vi.advanceTimersByTimeAsync(10);
      session.undo();
      expect(session.document.nodes['a']).toMatchObject({ params: { size: 9 } });
      expect(session.document.nodes['a']!.title).toBeUndefined();
      expect(session.clashes.map(({ changes }) => changes[0]!.after)).toEqual([1]);
      expect(session.undoable).toBeNull();
    });
  });

  it('drops what the server refuses for good, says so, and does not stay unsaved', async () => {
    kept.refuses = true;
    size(5);
    await vi.advanceTimersByTimeAsync(400);
    expect(session.refused).toMatchObject({ problem: { code: 'graph-invalid' }, patch: [{ after: 5 }] });
    expect(sizeOf(session.document)).toBe(1);
    expect(session.saving).toBe('saved');
  });

  it('keeps what is typed while the server is away, past the page, and saves it when it is back', async () => {
    kept.isAway = true;
    size(7);
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.saving).toBe('unsaved');
    kept.isAway = false;
    const again = await GraphSession.open('g');
    expect(sizeOf(again.document)).toBe(7);
    await vi.advanceTimersByTimeAsync(3000);
    expect(sizeOf(kept.document)).toBe(7);
    again.close();
  });
});
