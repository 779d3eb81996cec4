import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * True if a page of this port itself made the request. A browser says so in `Sec-Fetch-Site` if the page came over TLS
 * or from this machine, and always in `Origin`; a request with neither is not believed.
 * @see https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
 */
export function isSameOrigin({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host.toLowerCase();
}

/**
 * True if a browser says that a page of another site made the request; false for clients that are not browsers and say
 * nothing.
 */
export function isCrossOrigin(request: IncomingMessage): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  return (site !== undefined || origin !== undefined) && !isSameOrigin(request);
}

/**
 * True if no other site can have led a browser to this port under this name. A site could make one of its own names
 * resolve to this machine (DNS rebinding) and read whatever is open to everybody here; the name in the `Host` header
 * gives it away.
 * @param host the `Host` header
 * @param hosts names that the settings allow
 */
export function isOwnHost(host: string | undefined, hosts: readonly string[]): boolean {
  const { 1: inBrackets, 2: plain } = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d+)?$/i.exec(host ?? '') ?? [];
  const name = (inBrackets ?? plain ?? '').toLowerCase();
  return name === 'localhost' || isIP(name) !== 0 || hosts.includes(name);
}
