import type { LedgerReader } from '../../ledger/ledger.ts';
import { slicesOf } from '../../ledger/statements/slices.ts';
import type { Outcome } from '../../vocabulary/decision.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';

/** No parser was given the SQL of a job that bypassed guardrail. */
const UNGUARDED: Outcome = 'unguarded';

/** A team's queries whose SQL no parser could read. */
export interface UnreadUse {
  readonly team: string;
  readonly queries: number;
  /** According to their dry runs. */
  readonly bytesBilled: bigint;
}

/** What passed unread in a time span, by team, most first. @throws LedgerError */
export async function unreadUses(db: LedgerReader, range: TimeSpan): Promise<readonly UnreadUse[]> {
  const sums = new Map<string, UnreadUse>();
  for await (const { fromMs, toMs } of slicesOf(db, 'decisions', range)) {
    const rows = await db
      .selectFrom('decisions')
      .select(['team', 'estimated_bytes_billed'])
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .where('sql', '<>', '')
      .where('outcome', '<>', UNGUARDED)
      .where('details', 'like', '%"reader":"none"%')
      .execute();
    for (const { team, estimated_bytes_billed: bytes } of rows) {
      const before = sums.get(team) ?? { team, queries: 0, bytesBilled: 0n };
      sums.set(team, {
        team,
        queries: before.queries + 1,
        bytesBilled: before.bytesBilled + (bytes ?? 0n),
      });
    }
  }
  return [...sums.values()].toSorted((a, b) => b.queries - a.queries);
}
