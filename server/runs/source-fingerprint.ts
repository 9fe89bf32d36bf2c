import { hashSources } from '../hash-sources.ts';

let known: string | undefined;

/**
 * A hash of the code that decides what a program's trace looks like, besides the engine's own: a change of a node's file
 * never meets a graph emitted before it.
 */
export function sourceFingerprint(): string {
  return (known ??= hashSources(['plugins', 'server/compiler', 'server/runtime'], /\.[jt]s$/));
}
