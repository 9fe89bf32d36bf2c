import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DocumentStore } from '../../../server/documents/store.ts';
import { stringifyGraph } from '../../../server/graph/canonical.ts';
import { Edits } from '../../../server/graph/commands.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const small: GraphDocument = {
  stillroom: 1,
  name: 'small',
  nodes: { a: { type: 'x/source', version: 1 }, b: { type: 'x/sink', version: 1, params: { size: 3 } } },
  edges: [{ from: 'a.out', to: 'b.in' }],
};
const resized = (size: number, of: GraphDocument = small): ReturnType<Edits['setParam']> => new Edits(of).setParam('b', 'size', size);

async function kept(document = small): Promise<{ root: string; store: DocumentStore; id: string; file(name: string): string }> {
  const root = temporaryFolder();
  const store = new DocumentStore(root);
  const { id } = await store.create(document, 'test');
  return { root, store, id, file: (name) => join(root, id, name) };
}

describe('a store of documents', () => {
  it('keeps a document, its edits, and every revision of it', async () => {
    const { root, store, id } = await kept();
    expect(await store.edit(id, resized(4), 'ann')).toMatchObject({ revision: 2, document: { nodes: { b: { params: { size: 4 } } } } });
    await store.edit(id, new Edits(small).setNode('a', 'title', 'A'), 'ben');
    const again = new DocumentStore(root);
    expect(await again.read(id)).toMatchObject({ revision: 3, document: { nodes: { a: { title: 'A' }, b: { params: { size: 4 } } } } });
    expect(await again.at(id, 1)).toMatchObject({ revision: 1, document: small });
    expect((await again.at(id, 2)).document.nodes['a']).toEqual(small.nodes['a']);
    expect((await again.history(id)).map(({ revision, by }) => [revision, by])).toEqual([[1, 'test'], [2, 'ann'], [3, 'ben']]);
    expect(await again.list()).toEqual([{ id, name: 'small', revision: 3, modified: (await again.history(id)).at(-1)!.at }]);
  });

  it('puts edits made at once one after the other, and refuses those that meet', async () => {
    const { store, id } = await kept();
    const edits = Array.from({ length: 20 }, (_, i) => store.edit(id, new Edits(small).setParam('a', `p${i}`, i), 'many'));
    expect((await Promise.all(edits)).map(({ revision }) => revision)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    await store.edit(id, resized(4), 'ann');
    await expect(store.edit(id, resized(5), 'ben')).rejects.toMatchObject({ code: 'edit-conflict', conflicts: [{ before: 3, after: 5, found: 4 }] });
    expect(await store.read(id)).toMatchObject({ revision: 22, document: { nodes: { b: { params: { size: 4 } } } } });
  });

  it('refuses an edit that breaks the form, and a whole document made of an older revision', async () => {
    const { store, id } = await kept();
    await expect(store.edit(id, [{ path: ['nodes', 'B!'], after: { type: 'x/sink', version: 1 } }], 'x')).rejects.toMatchObject({ code: 'graph-invalid' });
    await store.edit(id, resized(4), 'ann');
    await expect(store.replace(id, { ...small, name: 'other' }, 1, 'ben')).rejects.toMatchObject({ code: 'edit-conflict' });
    expect(await store.replace(id, { ...small, name: 'other' }, 2, 'ben')).toMatchObject({ revision: 3, document: { name: 'other' } });
  });

  it('keeps what was removed out of the list, and on the disk', async () => {
    const { root, store, id } = await kept();
    await store.remove(id);
    expect(await store.list()).toEqual([]);
    await expect(store.read(id)).rejects.toMatchObject({ code: 'no-graph' });
    expect(readdirSync(join(root, 'removed'))).toEqual([id]);
  });

  it('puts back what was removed, with its history; one removed or restored twice is none', async () => {
    const { store, id } = await kept();
    await store.edit(id, resized(4), 'ann');
    await store.remove(id);
    await expect(store.remove(id)).rejects.toMatchObject({ code: 'no-graph' });
    expect(await store.removed()).toMatchObject([{ id, name: 'small', revision: 2 }]);
    expect(await store.restore(id)).toMatchObject({ id, revision: 2 });
    await expect(store.restore(id)).rejects.toMatchObject({ code: 'no-graph' });
    expect(await store.list()).toMatchObject([{ id, revision: 2 }]);
  });

  it('tells who watches of edits, those by hand and restorings among them', async () => {
    const told: string[] = [];
    const root = temporaryFolder();
    const store = new DocumentStore(root, { changed: ({ revision }, by) => void told.push(`${revision} ${by}`), removed: () => void told.push('removed') });
    const { id } = await store.create(small, 'ann');
    await store.edit(id, resized(4), 'ben');
    await store.edit(id, [], 'nobody');
    await store.edit(id, resized(9), 'too late').catch(() => undefined);
    const file = join(root, id, 'graph.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"size": 4', '"size": 7'));
    await store.read(id);
    await store.remove(id);
    await store.restore(id);
    expect(told).toEqual(['1 ann', '2 ben', '3 the file, edited by hand', 'removed', '3 restored']);
  });

  it.each(['../../etc', '', 'x'.repeat(36), '..'.padEnd(36, '/')])('takes no path for an id: %j', async (id) => {
    const { store } = await kept();
    await expect(store.read(id)).rejects.toMatchObject({ code: 'no-graph' });
  });
});

describe('what happens to the files of a document', () => {
  it('an earlier text that somebody put there: an edit like any other', async () => {
    const { root, store, id, file } = await kept();
    const before = readFileSync(file('graph.json'), 'utf8');
    await store.edit(id, resized(4), 'ann');
    await new Promise((wait) => setTimeout(wait, 20));
    writeFileSync(file('graph.json'), before);
    expect(await new DocumentStore(root).read(id)).toMatchObject({ revision: 3, document: { nodes: { b: { params: { size: 3 } } } } });
  });

  it('a kill between history and document: the document catches up', async () => {
    const { root, store, id, file } = await kept();
    const before = readFileSync(file('graph.json'), 'utf8');
    await store.edit(id, resized(4), 'ann');
    writeFileSync(file('graph.json'), before);
    // It was written before the edit that is in the history.
    utimesSync(file('graph.json'), 0, 0);
    expect(await new DocumentStore(root).read(id)).toMatchObject({ revision: 2, document: { nodes: { b: { params: { size: 4 } } } } });
    expect(readFileSync(file('graph.json'), 'utf8')).toContain('"size": 4');
    rmSync(file('graph.json'));
    expect(await new DocumentStore(root).read(id)).toMatchObject({ revision: 2 });
    expect(existsSync(file('graph.json'))).toBe(true);
  });

  it('an edit by hand is a revision, also while the store is open', async () => {
    const { store, id, file } = await kept();
    writeFileSync(file('graph.json'), readFileSync(file('graph.json'), 'utf8').replace('"size": 3', '"size":   7'));
    expect(await store.read(id)).toMatchObject({ revision: 2, document: { nodes: { b: { params: { size: 7 } } } } });
    expect((await store.history(id)).at(-1)).toMatchObject({ by: 'the file, edited by hand', patch: [{ path: ['nodes', 'b', 'params', 'size'], before: 3, after: 7 }] });
    await expect(store.edit(id, resized(4), 'ann')).rejects.toMatchObject({ code: 'edit-conflict' });
  });

  it('half a line of history is set aside, a broken document is told and left as it is', async () => {
    const { root, store, id, file } = await kept();
    await store.edit(id, resized(4), 'ann');
    appendFileSync(file('history.jsonl'), '{"revision":3,"at":');
    const other = new DocumentStore(root);
    expect(await other.edit(id, resized(5, (await other.read(id)).document), 'ben')).toMatchObject({ revision: 3 });
    expect(readdirSync(join(root, id)).filter((name) => name.includes('broken'))).toHaveLength(1);
    expect((await new DocumentStore(root).history(id)).map(({ by }) => by)).toEqual(['test', 'ann', 'ben']);

    writeFileSync(file('graph.json'), '{ "stillroom": 1, ');
    await expect(new DocumentStore(root).read(id)).rejects.toMatchObject({ code: 'graph-invalid', hint: expect.stringContaining('made again') as string });
    expect(await new DocumentStore(root).list()).toEqual([{ id, name: id, problem: expect.stringContaining('expected') as string }]);
    expect(readFileSync(file('graph.json'), 'utf8')).toBe('{ "stillroom": 1, ');
  });

  it('a history that is gone or broken in the middle loses no word of the document', async () => {
    const { root, store, id, file } = await kept();
    await store.edit(id, resized(4), 'ann');
    const [first, second] = readFileSync(file('history.jsonl'), 'utf8').split('\n');
    writeFileSync(file('history.jsonl'), `${first!.slice(0, -5)}\n${second}\n`);
    expect(await new DocumentStore(root).read(id)).toMatchObject({ revision: 1, document: { nodes: { b: { params: { size: 4 } } } } });
    const copied = '00000000-0000-4000-8000-000000000000';
    mkdirSync(join(root, copied));
    writeFileSync(join(root, copied, 'graph.json'), stringifyGraph(small));
    expect(await new DocumentStore(root).read(copied)).toMatchObject({ revision: 1, document: small });
  });
});
