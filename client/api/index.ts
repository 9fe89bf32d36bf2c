import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.d.ts';

/** Everything that the API answers, by its name: `Answers['Run']`. */
export type Answers = components['schemas'];

export interface ClientOptions {
  /** Of the server: `http://127.0.0.1:4321`; a page of the server's own needs none. */
  address?: string;
  /** What the server printed; a browser that is signed in needs none. */
  token?: string;
  /** In place of the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * A client of the API that knows every address, what it takes and what it answers. A call gives `{ data }`, or
 * `{ error }` with the problem details of what went wrong:
 *
 *     const api = createClient({ address: 'http://127.0.0.1:4321', token });
 *     const { data, error } = await api.GET('/api/runs/{id}', { params: { path: { id } } });
 */
export function createClient({ address = '', token, fetch }: ClientOptions = {}): Client<paths> {
  return createFetchClient<paths>({
    baseUrl: address,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(fetch === undefined ? {} : { fetch }),
  });
}
