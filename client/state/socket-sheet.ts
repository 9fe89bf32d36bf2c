import type { SocketType } from './types.ts';

/** Name of the token that holds the colour of a type of sockets. */
export const socketToken = (type: string): string => `--type-${type.replaceAll(/[^a-z0-9]/gi, '-')}`;

const tokens = (types: readonly SocketType[], ground: 'light' | 'dark'): string => types.map(({ type, colour }) => `${socketToken(type)}: ${colour[ground]};`).join(' ');

/** The rules that colour sockets and wires: a token for each type, and `--type` for what has one as `data-type`. */
export function socketRules(types: readonly SocketType[]): string {
  const own = types.map(({ type }) => `[data-type=${JSON.stringify(type)}] { --type: var(${socketToken(type)}); }`);
  return [`:root { ${tokens(types, 'light')} }`, `@media (prefers-color-scheme: dark) { :root { ${tokens(types, 'dark')} } }`, ...own].join('\n');
}

class SocketSheet {
  #sheet: CSSStyleSheet | undefined;

  /** Colours these types, and no others. */
  write(types: readonly SocketType[]): void {
    if (!this.#sheet) {
      this.#sheet = new CSSStyleSheet();
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    }
    this.#sheet.replaceSync(socketRules(types));
  }
}

export const socketSheet = new SocketSheet();
