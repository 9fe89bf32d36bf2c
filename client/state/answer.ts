import type { paths } from '../api/schema.d.ts';

type Json<R> = R extends { content: { 'application/json': infer A } } ? A : never;

/** What an address of the API answers when all is well: `Answer<'/api/runs/{id}'>`, `Answer<'/api/preview', 'post'>`. */
export type Answer<Path extends keyof paths, Method extends keyof paths[Path] = 'get' & keyof paths[Path]> = paths[Path][Method] extends { responses: infer R }
  ? Json<R[keyof R & (200 | 201 | 202)]>
  : never;
