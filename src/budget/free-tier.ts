import type { Bytes } from '../vocabulary/bytes.ts';
import type { AccountKey } from './accounts.ts';
import { windowAt } from './windows.ts';

/** No budget of a policy can have this name. */
const FREE_TIER = '(free tier)';

/** Google counts months in Pacific time. @see https://cloud.google.com/bigquery/pricing#free-tier */
const BILLING_ZONE = 'America/Los_Angeles';

/** Where the bytes are counted that the free tier of a query's month has paid for. */
export function freeTierKey(admittedAtMs: number): AccountKey {
  const { key } = windowAt('month', BILLING_ZONE, admittedAtMs);
  return { budget: FREE_TIER, account: '', window_key: key, unit: 'bytes' };
}

/**
 * How much of what a query was billed the month's free tier still pays for.
 * @param before what it has paid for the same query already, which is given back first
 */
export function freeBytesOf(
  used: Bytes,
  { billed, before, allowance }: { billed: Bytes; before: Bytes; allowance: Bytes },
): Bytes {
  const others = used - before;
  const room = allowance > others ? allowance - others : 0n;
  return billed < room ? billed : room;
}
