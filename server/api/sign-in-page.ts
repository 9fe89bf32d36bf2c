import type { ErrorRequestHandler } from 'express';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { html } from '../runs/report/html.ts';
import { page } from '../runs/report/page.ts';
import { sendPage } from './send-page.ts';

/** Shows a person whose browser is not signed in how it is, at whatever address; programs are left to the next handler. */
export const answerSignedOut: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const isSignedOut = error instanceof StillroomError && error.code === 'no-token';
  if (!isSignedOut || response.headersSent) return next(error);
  response.vary('Accept');
  if (request.accepts(['json', 'html']) !== 'html') return next(error);
  response.status(401).set('Cache-Control', 'no-store');
  sendPage(response, signInPage);
};

const signInPage = page(
  'Sign in',
  html`<header><p class="mark">Stillroom</p><h1>This browser is not signed in</h1></header>
    <main><p>Open the link that the server printed when it started. It signs this browser in until it is closed.</p>
    <p>The terminal that <code>stillroom server</code> was started in shows it: this server’s address with <code>/?token=…</code> behind it. If you came by such a link, it was one of another server.</p></main>`,
);
