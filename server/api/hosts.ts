import { hostname, networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
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

/**
 * The hosts that a server at an address is opened by, as they stand in links, its own machine's first: where it listens on
 * every address, those that other machines reach, and the names that it was told. Throws `bad-host-name`.
 */
export function hostsOfLinks(address: string, allowed: readonly string[]): string[] {
  const names = isLoopback(address) ? [address] : isEvery(address) ? ['127.0.0.1', ...allowed.map(told), ...reachable(address)] : [address, ...allowed.map(told)];
  return [...new Set(names)].map((name) => (name.includes(':') ? `[${name}]` : name));
}

/** As it stands in a request, without brackets. */
function told(name: string): string {
  if (/^([\w.-]+|\[?[0-9a-f:.]*::?[0-9a-f:.]*\]?)$/i.test(name) && !/^[^:]+:\d+$/.test(name)) return name.toLowerCase().replace(/^\[|\]$/g, '');
  throw new StillroomError('bad-host-name', `expected the name or the address of a host, found ${JSON.stringify(name)}`, {
    hint: 'name it without "http://" and without a port, such as stillroom.example',
  });
}

const isEvery = (address: string): boolean => address === '0.0.0.0' || address === '::';

const interfaces = (): NetworkInterfaceInfo[] => Object.values(networkInterfaces()).flatMap((found) => found ?? []);
const addresses = (): string[] => interfaces().map(({ address }) => address);

/** Those of one link alone cannot be opened: a browser would have to know which. */
function reachable(every: string): string[] {
  const others = interfaces().filter((one) => !one.internal && (one.family === 'IPv4' || (every === '::' && one.scopeid === 0)));
  return others.map(({ address }) => address);
}
