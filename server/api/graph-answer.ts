import type { Request, Response } from 'express';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import type { Condition, Kept } from '../documents/store.ts';
import { graphSchema } from '../graph/schema.ts';
import { locatedProblem } from './located-problem.ts';

/** What routes about graphs have in common. */
export const graphAnswer = z.object({ id: z.string(), revision: z.int(), modified: z.iso.datetime(), document: graphSchema }).meta({ id: 'Graph' });
export const newGraphAnswer = graphAnswer
  .extend({ warnings: z.array(locatedProblem).describe('What bringing the document to this version gave rise to.') })
  .meta({ id: 'NewGraph' });
export const byId = z.object({ id: z.string().describe('Id of the graph.') });
export const by = z.string().max(200).default('api').describe('Who makes the edit; shown in the history.');
export const graphName = z.string().min(1).max(200);
export const missing = { 404: 'There is no graph of this id.' };
export const changed = { 412: 'The graph is no longer of the revision that If-Match names; nothing is changed.' };

/** Puts the revision of a graph beside its answer: its ETag, by which clients ask again, and say what an edit was made on. */
export function withTag<K extends Pick<Kept, 'id' | 'revision'>>(response: Response, kept: K): K {
  response.set('ETag', tagOf(kept));
  return kept;
}

/** What `If-Match` demands, where it is given. The condition throws `revision-changed`. */
export function matching(request: Request): Condition | undefined {
  const wanted = request.get('if-match');
  if (wanted === undefined || wanted.trim() === '*') return undefined;
  const tags = wanted.split(',').map((tag) => tag.trim());
  return (kept) => {
    if (tags.includes(tagOf(kept))) return;
    throw new StillroomError('revision-changed', `expected a graph at ${wanted}, found it at ${tagOf(kept)}`, {
      hint: 'read the newest revision and make the change on it',
    });
  };
}

const tagOf = ({ id, revision }: Pick<Kept, 'id' | 'revision'>): string => `"${id}-${revision}"`;
