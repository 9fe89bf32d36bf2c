import { StillroomError } from '../../plugins/sdk/index.ts';
import type { GraphDocument } from '../graph/document.ts';
import { incomingGraph } from '../graph/incoming.ts';
import type { Services } from './services.ts';

export interface GivenGraph {
  /** Id of a kept graph. */
  graph?: string | undefined;
  /** Of it; the newest where absent. */
  revision?: number | undefined;
  document?: unknown;
}

/** The graph that a request is about, kept or sent along. Throws `bad-request`, `no-graph`, `no-revision`, `graph-invalid`. */
export async function givenGraph(
  { documents, registry }: Pick<Services, 'documents' | 'registry'>,
  { graph, revision, document }: GivenGraph,
): Promise<{ document: GraphDocument; kept: { id: string; revision: number } | null }> {
  if ((graph === undefined) === (document === undefined)) {
    throw new StillroomError('bad-request', `expected either "graph" or "document", found ${graph === undefined ? 'neither' : 'both'}`, { field: 'body' });
  }
  if (graph === undefined) return { document: incomingGraph(document, registry).document, kept: null };
  const kept = await documents.read(graph);
  if (revision === undefined) return { document: kept.document, kept: { id: graph, revision: kept.revision } };
  return { document: (await documents.at(graph, revision)).document, kept: { id: graph, revision } };
}
