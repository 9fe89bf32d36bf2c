import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Router } from 'express';

const script = readFileSync(new URL('./frame.js', import.meta.url), 'utf8');
const style = `:root { font: 13px/1.4 system-ui, sans-serif; color: var(--text); background: transparent; }
body { margin: 0; overflow: auto; }
#root { display: flow-root; }`;
const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Plugin</title><style>${style}</style></head>
<body><div id="root"></div><script>${script}</script></body>
</html>
`;

/** An origin of its own, no network; what it runs is the script above, and modules that are handed to it. */
const policy = [
  'sandbox allow-scripts',
  "default-src 'none'",
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}' blob:`,
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data:',
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * `GET /plugin-frame`: the page that a viewer or control of a plugin runs in. It holds nothing of anybody's, so it is given
 * without a token and under any name: pages take names of their own below `localhost` for it, since browsers run those in
 * processes of their own, and one that never returns then holds up nothing else.
 */
export function pluginFrame(): Router {
  const router = Router();
  router.get('/plugin-frame', (_request, response) => {
    response.set({ 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-cache' });
    response.type('html').send(html);
  });
  return router;
}
