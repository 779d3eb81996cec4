import { createHash } from 'node:crypto';
import type { RollOutShare } from '../document/rule-life-schema.ts';

const SHARES = 10_000;

/**
 * Whether a rule that is rolled out to a share of fingerprints takes this one. A fingerprint that is taken stays taken
 * as the share grows. Each rule draws its own order, so that the same queries are not always the first.
 */
export function isRolledOut({ perTenThousand }: RollOutShare, rule: string, fingerprint: string): boolean {
  const digest = createHash('sha256')
    .update(JSON.stringify([rule, fingerprint]))
    .digest();
  return digest.readUInt32BE() % SHARES < perTenThousand;
}
