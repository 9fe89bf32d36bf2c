import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { Router } from 'express';

const files = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** Of the package, what the page needs. */
const served = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

/** The API as pages to browse and to try, from its OpenAPI document. */
export function docsPage(): Router {
  const router = Router();
  router.get('/', (request, response) => {
    // What it asks for lies below it.
    if (!request.originalUrl.endsWith('/')) return response.redirect(`${request.baseUrl}/`);
    response.set('Content-Security-Policy', policy).type('html').send(page);
  });
  router.get('/start.js', (_request, response) => void response.type('js').send(start));
  router.get('/look.css', (_request, response) => void response.type('css').send(look));
  const assets = express.static(files, { index: false, redirect: false });
  router.get('/:file', (request, response, next) => (served.has(request.params.file) ? assets(request, response, next) : next()));
  return router;
}

/** Swagger UI sets styles on its elements; it runs no script but its own. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>The API of Stillroom</title>
    <link rel="icon" href="favicon-32x32.png">
    <link rel="stylesheet" href="swagger-ui.css">
    <link rel="stylesheet" href="look.css">
  </head>
  <body>
    <main id="api"><noscript>This page needs JavaScript; the document that it shows is at /api/openapi.json.</noscript></main>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: false,
  validatorUrl: null,
});
document.documentElement.classList.toggle('dark-mode', matchMedia('(prefers-color-scheme: dark)').matches);
`;

const look = `body { margin: 0; }
.swagger-ui .topbar { display: none; }
`;
