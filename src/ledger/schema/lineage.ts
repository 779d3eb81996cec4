import type { Generated } from 'kysely';

/** How far each lineage target has got in what is sealed. */
export interface LineageCursorsTable {
  readonly target: string;
  /** Everything sealed before this seal has been sent. */
  readonly seal: bigint;
  /** In this seal, everything up to this settlement has been sent; empty for none. */
  readonly after_id: string;
  /** Nobody sends more before then: a process has the claim, or the target did not accept it. */
  readonly claimed_until_ms: Generated<bigint>;
  /** How many times it was claimed: identifies a claim. */
  readonly claims: Generated<bigint>;
  /** How many times in a row the target has failed. */
  readonly failures: Generated<bigint>;
}
