import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { StillroomError } from '../../plugins/sdk/problem.ts';

/** Of IPv4 what is not reached over the Internet, by the IANA special-purpose registry. */
const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) special.addSubnet(network, prefix, 'ipv4');

/** Of IPv6 what is: 2000::/3, but for what stands for an IPv4 address (Teredo, 6to4) and for examples. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
const embedded = new BlockList();
for (const [network, prefix] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const) embedded.addSubnet(network, prefix, 'ipv6');

/** Whether an address is one of the Internet: neither this machine's, nor of a network around it, nor of none. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && global.check(address, 'ipv6') && !embedded.check(address, 'ipv6');
}

type Callback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
type Lookup = (host: string, options: LookupOptions & { all: true }, done: Callback) => void;

/**
 * Looks names up for a connection, which then goes to the very address that was checked: a name that means another one
 * a moment later gains nothing. One private address among those of a name refuses it.
 */
export function publicLookup(resolve: Lookup = systemLookup) {
  return (host: string, options: LookupOptions, done: (error: Error | null, address: string | LookupAddress[], family?: number) => void): void =>
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const wrong = error ?? (addresses.length && addresses.every(({ address }) => isPublicAddress(address)) ? null : notPublic(host));
      if (wrong) done(wrong, []);
      else if (options.all) done(null, addresses);
      else done(null, addresses[0]!.address, addresses[0]!.family);
    });
}

/** The address to download from that a user names. Throws `address-refused` where it is not `https`, or not of the Internet by what it says itself. */
export function publicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') throw refused(`expected an address that begins with https://, found ${JSON.stringify(text.slice(0, 120))}`);
  if (url.username || url.password) throw refused('expected an address without a password, found one with it');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) ? !isPublicAddress(host) : !host.includes('.') || /(^|\.)(localhost|local|internal|home\.arpa)\.?$/.test(host)) throw notPublic(host);
  return url;
}

function notPublic(host: string): StillroomError {
  return refused(`expected an address of the Internet, found that ${JSON.stringify(host)} is of this machine or a network around it`);
}

function refused(message: string): StillroomError {
  return new StillroomError('address-refused', message, { hint: 'fetch the file by hand, and add it from a data root' });
}
