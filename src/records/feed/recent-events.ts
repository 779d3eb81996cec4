import type { LedgerReader } from '../../ledger/ledger.ts';
import { decisionFrom, settlementFrom } from '../rows.ts';
import type { DecisionFeed } from './decision-feed.ts';

/** How many of the newest are looked at, and how many of those are read in full: of a flood, only part is shown. */
const MAX_SCANNED = 1_000;
const MAX_READ = 100;

/**
 * Adds to the feed what other processes have entered in the ledger since an instant. What the feed knows already is not
 * read again: a single process reads only a stretch of two indexes.
 * @throws LedgerError
 */
export async function publishRecent(db: LedgerReader, feed: DecisionFeed, sinceMs: number): Promise<void> {
  const decisionIds = await unknownDecisions(db, feed, sinceMs);
  for (const decision of await decisionsOf(db, decisionIds)) feed.publishDecision(decision);
  const decisionIdsOfSettlements = await unknownSettlements(db, feed, sinceMs);
  for (const { settlement, team } of await settlementsOf(db, decisionIdsOfSettlements)) {
    // Only a decision's new settlements are passed on; older ones may have been read along with them.
    if (settlement.atMs >= sinceMs) feed.publishSettlement(settlement, team);
  }
}

async function unknownDecisions(db: LedgerReader, feed: DecisionFeed, sinceMs: number) {
  const recent = await db
    .selectFrom('decisions')
    .select('id')
    .where('at_ms', '>=', BigInt(sinceMs))
    .orderBy('at_ms', 'desc')
    .limit(MAX_SCANNED)
    .execute();
  return recent.map(({ id }) => id).filter((id) => !feed.hasDecision(id));
}

async function decisionsOf(db: LedgerReader, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('decisions')
    .selectAll()
    .where('id', 'in', ids.slice(0, MAX_READ))
    .orderBy('at_ms')
    .execute();
  return rows.map(decisionFrom);
}

async function unknownSettlements(db: LedgerReader, feed: DecisionFeed, sinceMs: number) {
  const recent = await db
    .selectFrom('settlements')
    .select(['decision_id', 'source', 'at_ms'])
    .where('at_ms', '>=', BigInt(sinceMs))
    .orderBy('at_ms', 'desc')
    .limit(MAX_SCANNED)
    .execute();
  return recent.flatMap((row) => {
    const key = { decisionId: row.decision_id, source: row.source, atMs: Number(row.at_ms) };
    return feed.hasSettlement(key) ? [] : [row.decision_id];
  });
}

async function settlementsOf(db: LedgerReader, decisionIds: readonly string[]) {
  if (decisionIds.length === 0) return [];
  const rows = await db
    .selectFrom('settlements')
    .innerJoin('decisions', 'decisions.id', 'settlements.decision_id')
    .selectAll('settlements')
    .select('decisions.team')
    .where('settlements.decision_id', 'in', [...new Set(decisionIds)].slice(0, MAX_READ))
    .orderBy('settlements.at_ms')
    .execute();
  return rows.map(({ team, ...row }) => ({ team, settlement: settlementFrom(row) }));
}
