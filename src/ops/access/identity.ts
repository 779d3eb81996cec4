import type { IncomingMessage } from 'node:http';
import type { AccessSettings } from '../../settings/access.ts';
import { ROLES, type Role } from './visitor.ts';

/** Identity-Aware Proxy prefixes the address in its header with where it comes from. */
const IAP_NAMESPACE = /^accounts\.google\.com:/;

/** The longest address that RFC 5321 allows. */
const MAX_ADDRESS_LENGTH = 254;

/**
 * The e-mail address in a header, in lower case; null if it holds none, or if the header occurs more than once: a proxy
 * that appends its own to a client's is not to be trusted.
 */
export function addressIn({ headersDistinct }: IncomingMessage, header: string): string | null {
  const values = headersDistinct[header] ?? [];
  return values.length === 1 ? addressOf(values[0] ?? '') : null;
}

/** A plain e-mail address in lower case; null for anything else, such as several. */
export function addressOf(text: string): string | null {
  const address = text.trim().replace(IAP_NAMESPACE, '').toLowerCase();
  const isAddress = address.length <= MAX_ADDRESS_LENGTH && /^[!-~]+@[!-~]+$/.test(address);
  return isAddress && !/[\s,;:"<>@].*@|[,;:"<>]/.test(address) ? address : null;
}

/** The highest role that an address is named for; null if none. */
export function roleOfAddress(address: string, people: AccessSettings['people']): Role | null {
  return (
    ROLES.toReversed().find((role) => people[role].some((pattern) => matchesPattern(address, pattern))) ??
    null
  );
}

/** @param pattern `ana@example.com`, or `*@example.com` for a whole domain without its subdomains */
function matchesPattern(address: string, pattern: string): boolean {
  return pattern.startsWith('*@')
    ? address.slice(address.lastIndexOf('@')) === pattern.slice(1)
    : address === pattern;
}
