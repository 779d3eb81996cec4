import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Proxies whose headers are trusted. */
export interface Proxies {
  /** True if the connection itself comes from one; what headers say about addresses does not count. */
  isSenderOf(request: IncomingMessage): boolean;
}

/** @param trusted addresses and ranges: `10.0.0.7`, `10.8.0.0/14` */
export function createProxies(trusted: readonly string[]): Proxies {
  const list = new BlockList();
  for (const range of trusted) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return {
    isSenderOf({ socket: { remoteAddress = '' } }) {
      return isIP(remoteAddress) !== 0 && list.check(remoteAddress, familyOf(remoteAddress));
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

/** Headers that proxies add when they forward a request. A proxy that adds none of them cannot be detected. */
const ADDED_BY_PROXIES = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/** True if a proxy says that it forwards somebody else's request. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return ADDED_BY_PROXIES.some((name) => headers[name] !== undefined);
}
