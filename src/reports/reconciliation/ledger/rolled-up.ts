import { DAY_MS } from '../../../foundation/calendar/durations.ts';
import type { LedgerReader } from '../../../ledger/ledger.ts';
import type { TimeSpan } from '../../../vocabulary/time-span.ts';

/** Whether the ledger keeps some days of a span only as sums, so that their queries can no longer be compared. */
export async function isRolledUp(db: LedgerReader, { fromMs, toMs }: TimeSpan): Promise<boolean> {
  const found = await db
    .selectFrom('spend_by_day')
    .select('day')
    .where('day_starts_at_ms', '>', BigInt(fromMs - DAY_MS))
    .where('day_starts_at_ms', '<', BigInt(toMs))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
