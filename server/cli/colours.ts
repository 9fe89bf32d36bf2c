import yoctocolors from 'yoctocolors';

type Paint = (text: string) => string;
export type Colours = Record<'bold' | 'dim' | 'red' | 'yellow' | 'green', Paint>;

const plain: Paint = (text) => text;
const PLAIN: Colours = { bold: plain, dim: plain, red: plain, yellow: plain, green: plain };

/** Colours where a stream is a terminal (and `NO_COLOR` is not set), plain text elsewhere. */
export function coloursOf(stream: NodeJS.WriteStream): Colours {
  return stream.isTTY ? yoctocolors : PLAIN;
}
