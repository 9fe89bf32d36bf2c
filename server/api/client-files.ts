import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import express, { Router, type Request, type Response } from 'express';
import type { ClientBuild } from '../client-build/client-build.ts';
import { encodings } from '../client-build/compress.ts';
import { html } from '../runs/report/html.ts';
import { page } from '../runs/report/page.ts';
import { sendPage } from './send-page.ts';

/** Addresses of the editor's pages (client/state/route.svelte.ts); any other is none. */
const pages = ['/', '/graphs/:id', '/runs', '/runs/:id', '/compare', '/datasets', '/datasets/:id', '/weights', '/plugins', '/engine'];

/** The pages of the editor; until they are built, one that says so and looks again. */
export function clientFiles(client: ClientBuild): Router {
  const router = Router();
  router.get('/assets/{*file}', (request, response, next) => {
    if (!client.folder) return next();
    compressed(request, response, client.folder);
    // Their names change with what is in them.
    express.static(client.folder, { immutable: true, maxAge: '1y', fallthrough: true })(request, response, next);
  });
  router.get(pages, (_request, response, next) => {
    response.set('Cache-Control', 'private, no-cache');
    if (client.folder) return response.sendFile('index.html', { root: client.folder }, (error) => error && next(error));
    if (!client.problem) response.set('Refresh', '1');
    sendPage(response, client.problem ? broken(client.problem) : waiting);
  });
  return router;
}

/** Has the smallest form of a file sent that the browser takes, under the file's own type. */
function compressed(request: Request, response: Response, folder: string): void {
  response.vary('Accept-Encoding');
  const taken = request.acceptsEncodings();
  const form = encodings.find(({ name, suffix }) => taken.includes(name) && existsSync(join(folder, `${request.path}${suffix}`)));
  if (!form) return;
  response.type(extname(request.path)).set('Content-Encoding', form.name);
  request.url = `${request.path}${form.suffix}`;
}

const waiting = page(
  'Stillroom',
  html`<header><p class="mark">Stillroom</p><h1>The editor is being built</h1><p>This takes a few seconds, the first time and after each change of its sources. The API answers already: <a href="/api">/api</a>.</p></header>`,
);

const broken = (problem: string): string =>
  page('Stillroom', html`<header><p class="mark">Stillroom</p><h1>The editor could not be built</h1><p>${problem}</p><p>The API answers all the same: <a href="/api">/api</a>.</p></header>`);
