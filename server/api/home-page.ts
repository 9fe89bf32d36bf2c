import { html } from '../runs/report/html.ts';
import { page } from '../runs/report/page.ts';
import type { Route } from './route.ts';

/** What a browser sees once it is signed in: every address of the API. */
export function homePage(routes: readonly Route[], version: string): string {
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return page(
    'Stillroom',
    html`<header><p class="mark">Stillroom ${version}</p><h1>The server is at work</h1>
      <p>You are signed in. The API can be <a href="/api/docs/">browsed and tried</a>, and is described in <a href="/api/openapi.json">OpenAPI 3.1</a>; programs send the token as
        <code>Authorization: Bearer TOKEN</code>.</p></header>
    <main>${tags.map(
      (tag) => html`<h2>${tag}</h2><div class="scroll"><table><thead><tr><th scope="col">method</th><th scope="col">address</th><th scope="col">what it does</th></tr></thead>
        <tbody>${routes
          .filter((one) => one.tag === tag)
          .map(({ method, path, summary }) => html`<tr><td>${method.toUpperCase()}</td><th scope="row"><code>/api${path}</code></th><td>${summary}</td></tr>`)}</tbody></table></div>`,
    )}</main>`,
  );
}
