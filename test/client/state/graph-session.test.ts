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
  saves = 0;

  readonly fetch = async (address: string, { method, body }: { method: string; body?: string }): Promise<Response> => {
    if (this.isAway) throw new TypeError('away');
    if (address === '/api/check') return answer({ ok: true, problems: [], nodes: {}, edges: [], sockets: {}, total: {} });
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

  it('says where others have changed the same, takes theirs, and forgets nothing silently', async () => {
    size(5);
    kept.document = applyPatch(kept.document, setSize(kept.document, 9));
    kept.revision += 1;
    await vi.advanceTimersByTimeAsync(400);
    expect(session.refused!.problem.code).toBe('edit-conflict');
    expect(session.refused!.patch).toHaveLength(1);
    expect(sizeOf(session.document)).toBe(9);
    expect(session.saving).not.toBe('saving');
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
