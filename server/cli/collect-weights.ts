import { InvalidArgumentError } from 'commander';

/** A parser for `--weights architecture=name`, which may be repeated. */
export function collectWeights(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('expected architecture=name or architecture=file');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
