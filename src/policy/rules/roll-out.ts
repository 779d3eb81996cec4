import { createHash } from 'node:crypto';
import type { RollOutShare } from '../document/rule-life-schema.ts';

const SHARES = 10_000;

/**
 * Whether a rule that is rolled out to a share of fingerprints includes this one. An included fingerprint stays
 * included as the share grows. Each rule has its own order, so that it is not always the same queries that come first.
 */
export function isRolledOut({ perTenThousand }: RollOutShare, rule: string, fingerprint: string): boolean {
  const digest = createHash('sha256')
    .update(JSON.stringify([rule, fingerprint]))
    .digest();
  return digest.readUInt32BE() % SHARES < perTenThousand;
}
