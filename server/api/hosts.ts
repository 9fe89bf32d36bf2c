import { hostname, networkInterfaces } from 'node:os';
import { isLoopback } from './guard.ts';

/**
 * The names that a server at an address answers to, besides those of loopback: the address itself; where it listens on
 * every one, those that the machine has, and its name; and those it was told.
 */
export function hostsOf(address: string, allowed: readonly string[]): ReadonlySet<string> {
  const own = isLoopback(address) ? [] : isEvery(address) ? [hostname(), ...addresses()] : [address];
  return new Set([...own, ...allowed].map((name) => name.toLowerCase()));
}

export const isEvery = (address: string): boolean => address === '0.0.0.0' || address === '::';

function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((interfaces) => (interfaces ?? []).map(({ address }) => address));
}
