import type { Response } from 'express';

/** Sends a page that brings its own styles and runs no script at all. */
export function sendPage(response: Response, page: string): void {
  response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.type('html').send(page);
}
