import { html, Html } from './html.ts';
import { style } from './style.ts';

/** A whole HTML document that opens from disk: no script, nothing fetched, and the browser is told to hold it to that. */
export function page(title: string, body: Html): string {
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Stillroom">
<title>${title} – Stillroom</title>
<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return text;
}
