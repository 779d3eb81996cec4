import type { IncomingMessage } from 'node:http';
import type { AccessSettings } from '../../settings/access.ts';
import { ROLES, type Role } from './visitor.ts';

/** Identity-Aware Proxy says of its own header where the address is from. */
const IAP_NAMESPACE = /^accounts\.google\.com:/;

/** RFC 5321: no address is longer. */
const LONGEST_ADDRESS = 254;

/**
 * The e-mail address that a header names, in lower case; null where it names none, or the header is there more than
 * once: a proxy that adds its own behind a client's is not one to believe.
 */
export function addressIn({ headersDistinct }: IncomingMessage, header: string): string | null {
  const values = headersDistinct[header] ?? [];
  return values.length === 1 ? addressOf(values[0] ?? '') : null;
}

/** A plain e-mail address in lower case; null for anything else, such as several. */
export function addressOf(text: string): string | null {
  const address = text.trim().replace(IAP_NAMESPACE, '').toLowerCase();
  const isAddress = address.length <= LONGEST_ADDRESS && /^[!-~]+@[!-~]+$/.test(address);
  return isAddress && !/[\s,;:"<>@].*@|[,;:"<>]/.test(address) ? address : null;
}

/** The highest role that an address is named for; null where it is for none. */
export function roleOfAddress(address: string, people: AccessSettings['people']): Role | null {
  return ROLES.toReversed().find((role) => people[role].some((pattern) => fits(address, pattern))) ?? null;
}

/** @param pattern `ana@example.com`, or `*@example.com` for all of a domain and none of those below it */
function fits(address: string, pattern: string): boolean {
  return pattern.startsWith('*@')
    ? address.slice(address.lastIndexOf('@')) === pattern.slice(1)
    : address === pattern;
}
