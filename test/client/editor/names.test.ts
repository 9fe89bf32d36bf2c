import { describe, expect, it, vi } from 'vitest';
import { fieldTitle, titleOfId, valueTitle } from '../../../client/editor/names.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';

vi.mock('../../../client/state/catalogue.svelte.ts', () => ({ catalogue: { get: (type: string) => (type === 'x/fit' ? { title: 'Fit' } : undefined) } }));

const document: GraphDocument = {
  stillroom: 1,
  name: 'named',
  nodes: { fit: { type: 'x/fit', version: 1 }, mine: { type: 'x/fit', version: 1, title: 'Mine' }, part: { type: 'subgraph', of: 'student' }, lost: { type: '@acme/nets/wide', version: 1 } },
  edges: [],
  subgraphs: { student: { title: 'Student', inputs: {}, outputs: {}, nodes: { inner: { type: 'x/fit', version: 1, title: 'Inner' } }, edges: [] } },
};

describe('what things are called', () => {
  it('are nodes by their own title, or that of their type or sub-graph, within instances too', () => {
    expect(['fit', 'mine', 'part', 'part/inner', 'lost', 'gone'].map((id) => titleOfId(id, document))).toEqual(['Fit', 'Mine', 'Student', 'Student › Inner', 'wide', 'gone']);
  });

  it('are fields by what they belong to', () => {
    const titles = [['nodes', 'mine', 'params', 'learningRate'], ['nodes', 'fit', 'comment'], ['edges', 'fit.loss'], ['layout', 'notes', 'note'], ['subgraphs', 'student', 'nodes', 'inner', 'params', 'size'], ['name']];
    expect(titles.map((path) => fieldTitle(document, path))).toEqual(['“Mine” › learning rate', '“Fit” › comment', 'the wire to “Fit” › loss', 'a note', 'in “Student”: “Inner” › size', 'the name of the graph']);
  });

  it('are values in few words', () => {
    const size = ['nodes', 'mine', 'params', 'size'];
    expect([5, [224, 256], undefined, 'x'.repeat(200)].map((value) => valueTitle(document, size, value))).toEqual(['5', '224, 256', 'its default', `${'x'.repeat(79)}…`]);
    expect(valueTitle(document, ['edges', 'fit.loss'], { from: 'mine.out', to: 'fit.loss' })).toBe('from “Mine” › out');
    expect(valueTitle(document, ['edges', 'fit.loss'], undefined)).toBe('no wire');
    expect(valueTitle(document, ['nodes', 'mine'], undefined)).toBe('removed');
    expect(valueTitle(document, ['layout', 'notes', 'note'], { text: 'Look', x: 1, y: 2 })).toBe('Look, at 1, 2');
  });
});
