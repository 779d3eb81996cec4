import type { Generated } from 'kysely';

/** How far each target of lineage was told of what is sealed. */
export interface LineageCursorsTable {
  readonly target: string;
  /** All that is sealed before this seal is told. */
  readonly seal: bigint;
  /** Of this seal, what comes up to this settlement is told; empty for nothing. */
  readonly after_id: string;
  /** Nobody tells more before then: a process is at it, or the target did not take it. */
  readonly claimed_until_ms: Generated<bigint>;
  /** How often it was claimed: says which claim is which. */
  readonly claims: Generated<bigint>;
  /** How often in a row the target did not take what it was told. */
  readonly failures: Generated<bigint>;
}
