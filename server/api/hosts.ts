import { hostname, networkInterfaces } from 'node:os';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { isLoopback } from './guard.ts';

/**
 * The names that a server at an address answers to, besides those of loopback: the address itself; where it listens on
 * every one, those that the machine has, and its name; and those it was told. Throws `bad-host-name`.
 */
export function hostsOf(address: string, allowed: readonly string[]): ReadonlySet<string> {
  const own = isLoopback(address) ? [] : isEvery(address) ? [hostname(), ...addresses()] : [address];
  return new Set([...own.map((name) => name.toLowerCase()), ...allowed.map(told)]);
}

/** As it stands in a request, without brackets. */
function told(name: string): string {
  if (/^([\w.-]+|\[?[0-9a-f:.]*::?[0-9a-f:.]*\]?)$/i.test(name) && !/^[^:]+:\d+$/.test(name)) return name.toLowerCase().replace(/^\[|\]$/g, '');
  throw new StillroomError('bad-host-name', `expected the name or the address of a host, found ${JSON.stringify(name)}`, {
    hint: 'name it without "http://" and without a port, such as stillroom.example',
  });
}

export const isEvery = (address: string): boolean => address === '0.0.0.0' || address === '::';

function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((interfaces) => (interfaces ?? []).map(({ address }) => address));
}
