import type { LedgerReader } from '../../ledger/ledger.ts';
import type { DecisionRecord } from '../decision-record.ts';
import { decisionFrom, settlementFrom } from '../rows.ts';
import { type Slice, slicesOf } from '../slices.ts';
import { stands } from '../stands.ts';

/** A time, by when queries came to the guard; `toMs` is left out. */
export interface ExportRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Every decision of a time with the settlement that stands, oldest first, in pages of some thousands. */
export async function* readRecords(
  db: LedgerReader,
  range: ExportRange,
): AsyncGenerator<readonly DecisionRecord[]> {
  for await (const slice of slicesOf(db, 'decisions', range, null)) yield recordsIn(db, slice);
}

async function recordsIn(db: LedgerReader, slice: Slice): Promise<readonly DecisionRecord[]> {
  const decisions = await db
    .selectFrom('decisions')
    .selectAll()
    .where('at_ms', '>=', slice.fromMs)
    .where('at_ms', '<', slice.toMs)
    .orderBy('at_ms')
    .orderBy('id')
    .execute();
  const settlements = await db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .selectAll('settlements')
    .where('decisions.at_ms', '>=', slice.fromMs)
    .where('decisions.at_ms', '<', slice.toMs)
    .where(stands)
    .execute();
  const byDecision = new Map(settlements.map((row) => [row.decision_id, settlementFrom(row)]));
  return decisions.map((row) => ({ ...decisionFrom(row), settlement: byDecision.get(row.id) ?? null }));
}
