import type { Bytes } from '../vocabulary/bytes.ts';
import type { AccountKey } from './accounts.ts';
import { windowAt } from './windows.ts';

/** A policy cannot have a budget with this name. */
const FREE_TIER = '(free tier)';

/** Google counts months in Pacific time. @see https://cloud.google.com/bigquery/pricing#free-tier */
const BILLING_ZONE = 'America/Los_Angeles';

/** The account that counts the bytes covered by the free tier in a query's month. */
export function freeTierKey(admittedAtMs: number): AccountKey {
  const { key } = windowAt('month', BILLING_ZONE, admittedAtMs);
  return { budget: FREE_TIER, account: '', window_key: key, unit: 'bytes' };
}

/**
 * How many of a query's billed bytes the month's free tier still covers.
 * @param before what it has already covered for the same query, which is given back first
 */
export function freeBytesOf(
  used: Bytes,
  { billed, before, freeBytesPerMonth }: { billed: Bytes; before: Bytes; freeBytesPerMonth: Bytes },
): Bytes {
  const others = used - before;
  const room = freeBytesPerMonth > others ? freeBytesPerMonth - others : 0n;
  return billed < room ? billed : room;
}
