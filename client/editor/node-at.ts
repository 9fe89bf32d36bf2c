/** The node of a level that a node anywhere is, or lies in; null for one that lies elsewhere. */
export function nodeAt(path: string, prefix: string): string | null {
  return path.startsWith(prefix) ? path.slice(prefix.length).split('/')[0]! : null;
}
