/**
 * `Content-Disposition` of a file that a browser saves, named after something that a person has named: letters, digits
 * and "-" alone, so that the name is no path and no hidden file on any system; `otherwise` where nothing is left of it.
 */
export function attachment(name: string, otherwise: string, extension: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');
  return `attachment; filename="${plain || otherwise}.${extension}"`;
}
