import { InvalidArgumentError, type Command, type CommanderError } from 'commander';
import { StillroomError } from '../../plugins/sdk/problem.ts';

const invalid = /^option '(?:-\w, )?(?<option>--[\w-]+)[^']*' argument '(?<value>.*)' is invalid\. (?<why>.*)$/s;
const suggested = /\n\(did you mean (?<names>.*)\?\)$/is;

/** What commander says of a wrong command line, told like any other problem: `unknown option '--jsno' (did you mean --json?)`. */
export function usageError({ message }: CommanderError, command: Command): StillroomError {
  const text = message.replace(/^error: /, '').replace(/\.$/, '');
  const names = suggested.exec(text)?.groups?.['names'];
  const { option, value, why } = invalid.exec(text)?.groups ?? {};
  return new StillroomError('bad-usage', option ? `${option}: ${why}, found "${value}"` : text.replace(suggested, ''), {
    hint: names ? `did you mean ${names}?` : `\`${pathOf(command)} --help\` shows what it takes`,
  });
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** A parser for options that take a whole number. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}`);
  };
}

/** A parser for options that take one of these words. */
export function oneOf<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((known) => known === text);
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`expected ${words.length > 2 ? 'one of ' : ''}${words.join(words.length > 2 ? ', ' : ' or ')}`);
  };
}
