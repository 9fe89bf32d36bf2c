import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { RequestHandler } from 'express';
import { StillroomError } from '../../plugins/sdk/index.ts';

/** Browsers send a cookie to every port of a machine: each server has one of its own. */
export const cookieNameOf = (token: string): string => `stillroom-${createHash('sha256').update(token).digest('hex').slice(0, 8)}`;

/** What a browser keeps: who has read it knows no token, and it is none. */
export const cookieValueOf = (token: string): string => createHmac('sha256', token).update('stillroom cookie').digest('hex');

/** What of a request the guards look at; of HTTP and of a socket's upgrade alike. */
export interface Asked {
  method?: string | undefined;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Refuses names that this server was not started for: a page of another site whose name was made to point here (DNS
 * rebinding) comes with that name. Throws `wrong-host`.
 */
export function checkHost({ headers }: Asked, hosts: ReadonlySet<string>): void {
  const host = nameOf(one(headers['host']));
  if (host !== undefined && (hosts.has(host) || isLoopback(host))) return;
  throw new StillroomError('wrong-host', `expected a request to ${[...hosts].join(' or ') || 'this machine'}, found one to ${JSON.stringify(one(headers['host']) ?? '')}`, {
    hint: 'open the link that the server printed',
  });
}

/**
 * Lets pass who has the token: programs in `Authorization: Bearer`, browsers in a cookie. With a cookie, and where there
 * is no token, what changes something must come from our own pages or from no page at all. Throws `no-token`,
 * `wrong-origin`.
 */
export function checkToken(asked: Asked, token: string | null): void {
  if (token === null) {
    const isOfBrowser = asked.headers['origin'] !== undefined || asked.headers['sec-fetch-site'] !== undefined;
    if (isOfBrowser && !isReading(asked.method)) checkOrigin(asked);
    return;
  }
  const bearer = /^Bearer (.+)$/i.exec(one(asked.headers['authorization']) ?? '')?.[1];
  if (bearer !== undefined && isSame(bearer, token)) return;
  const cookie = parseCookie(one(asked.headers['cookie']) ?? '')[cookieNameOf(token)];
  if (bearer !== undefined || cookie === undefined || !isSame(cookie, cookieValueOf(token))) {
    throw new StillroomError('no-token', `expected the token of this server, found ${bearer ?? cookie ? 'another' : 'none'}`, {
      hint: 'open the link that the server printed, or send "Authorization: Bearer TOKEN"',
    });
  }
  if (!isReading(asked.method)) checkOrigin(asked);
}

/** What a server lets in. */
export interface Guarded {
  /** Null where whoever reaches the server may use it. */
  token: string | null;
  /** Names that it answers to, besides those of loopback. */
  hosts: ReadonlySet<string>;
}

/**
 * Lets a socket be opened: to a name of this server, with its token, and from no page of another site. Throws
 * `wrong-host`, `no-token`, `wrong-origin`.
 */
export function checkUpgrade(asked: Asked, { token, hosts }: Guarded): void {
  checkHost(asked, hosts);
  if (asked.headers['origin'] !== undefined) checkOrigin(asked);
  checkToken(asked, token);
}

/** Refuses pages of other sites. Throws `wrong-origin`. */
export function checkOrigin({ headers }: Asked): void {
  const origin = one(headers['origin']);
  const isOurs = origin !== undefined ? hostOf(origin) === one(headers['host']) : one(headers['sec-fetch-site']) === 'same-origin';
  if (isOurs) return;
  throw new StillroomError('wrong-origin', `expected a request from this server's own pages, found one from ${JSON.stringify(origin ?? 'elsewhere')}`, {
    hint: 'programs send the token in "Authorization: Bearer TOKEN" and no cookie',
  });
}

export function guardHost(hosts: ReadonlySet<string>): RequestHandler {
  return (request, _response, next) => {
    checkHost(request, hosts);
    next();
  };
}

export function guardToken(token: string | null, isOpen: (path: string) => boolean): RequestHandler {
  return (request, _response, next) => {
    if (!isOpen(request.path)) checkToken(request, token);
    next();
  };
}

/** `GET /?token=…`: the link that signs a browser in. The cookie is what it keeps; the address forgets the token. */
export function signIn(token: string | null): RequestHandler {
  return (request, response, next) => {
    const given = request.query['token'];
    if (typeof given !== 'string' || token === null) return next();
    if (!isSame(given, token)) {
      throw new StillroomError('no-token', 'expected the token of this server, found another', { hint: 'open the link that the server printed last' });
    }
    const cookie = stringifySetCookie({ name: cookieNameOf(token), value: cookieValueOf(token), httpOnly: true, sameSite: 'strict', path: '/' });
    response.setHeader('Set-Cookie', cookie).redirect(303, request.path.replace(/^[/\\]+/, '/'));
  };
}

/** In a time that does not depend on how much is right. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

const isReading = (method = ''): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);
const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

const hostForm = /^(?<name>[\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;

/** Without the port; undefined of what is no name of a host. */
function nameOf(host = ''): string | undefined {
  return hostForm.exec(host)?.groups?.['name']?.replace(/^\[|\]$/g, '').toLowerCase();
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
