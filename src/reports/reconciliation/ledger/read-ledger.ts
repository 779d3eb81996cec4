import type { Selectable } from 'kysely';
import { z } from 'zod';
import { chunks } from '../../../foundation/lists/chunks.ts';
import type { LedgerReader } from '../../../ledger/ledger.ts';
import type { LedgerSchema } from '../../../ledger/schema.ts';
import { settledTariff } from '../../../ledger/settled-tariff.ts';
import { parseJobName } from '../../../vocabulary/job-name.ts';
import { holdsSql } from '../../../vocabulary/reading.ts';
import type { TimeSpan } from '../../../vocabulary/time-span.ts';
import { type DecisionRow, decisionPages, PAGE, selectDecisions } from './decision-pages.ts';
import type { LedgerEntry, LedgerSettlement } from './ledger-entry.ts';
import { locationIn } from './projects-and-locations.ts';

type SettlementRow = Selectable<LedgerSchema['settlements']>;

/** The part of a decision's details that tells whether its job holds SQL. */
const readOrNot = z.object({ reading: z.object({ unreadReason: z.string().nullable() }) });

/**
 * Every decision of a span with the settlement that stands, and settlements whose decision was never recorded. Decisions on jobs
 * that load, copy or extract are left out, as these jobs are: the warehouse's list would seem to miss them.
 */
export async function readLedger(db: LedgerReader, span: TimeSpan): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const page of decisionPages(db, span))
    entries.push(...(await withSettlements(db, page.filter(isOfQuery))));
  return [...entries, ...(await unrecorded(db, span))];
}

/**
 * The decisions from before and after a span that some jobs settled, by whatever version of their settlements, with the
 * settlement that stands.
 */
export async function readEntriesOfJobs(
  db: LedgerReader,
  jobs: readonly string[],
  { fromMs, toMs }: TimeSpan,
): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (const some of chunks(jobs, PAGE)) {
    const decisions = await selectDecisions(db)
      .where('decisions.id', 'in', (eb) =>
        eb.selectFrom('settlements').select('decision_id').where('job_id', 'in', some),
      )
      .where((eb) =>
        eb.or([eb('decisions.at_ms', '<', BigInt(fromMs)), eb('decisions.at_ms', '>=', BigInt(toMs))]),
      )
      .execute();
    entries.push(...(await withSettlements(db, decisions.filter(isOfQuery))));
  }
  return entries;
}

async function withSettlements(
  db: LedgerReader,
  decisions: readonly DecisionRow[],
): Promise<readonly LedgerEntry[]> {
  if (decisions.length === 0) return [];
  const rows = await db
    .selectFrom('settlements')
    .selectAll()
    .where(
      'decision_id',
      'in',
      decisions.map(({ id }) => id),
    )
    .orderBy('version')
    .execute();
  // The highest version comes last, and stands.
  const standing = new Map(rows.map((row) => [row.decision_id, settlementFrom(row)]));
  return decisions.map((decision) => entryFrom(decision, standing.get(decision.id) ?? null));
}

function entryFrom(decision: DecisionRow, settlement: LedgerSettlement | null): LedgerEntry {
  return {
    decisionId: decision.id,
    atMs: Number(decision.at_ms),
    projectId: decision.project_id,
    location: locationOfJob(settlement) ?? locationIn(decision.details),
    team: decision.team,
    principal: decision.principal,
    admitted: decision.outcome === 'admitted',
    reservation: decision.state,
    currency: settlement?.cost.currency ?? decision.currency,
    settlement,
  };
}

/** Dated by when they were first settled. A later correction only replaces the figures. */
async function unrecorded(db: LedgerReader, { fromMs, toMs }: TimeSpan): Promise<readonly LedgerEntry[]> {
  const rows = await db
    .selectFrom('settlements')
    .selectAll()
    .where('decision_id', 'in', (eb) =>
      eb
        .selectFrom('settlements as lost')
        .leftJoin('decisions', 'decisions.id', 'lost.decision_id')
        .select('lost.decision_id')
        .where('decisions.id', 'is', null)
        .where('lost.at_ms', '>=', BigInt(fromMs))
        .where('lost.at_ms', '<', BigInt(toMs)),
    )
    .orderBy('version')
    .execute();
  return [...Map.groupBy(rows, (row) => row.decision_id)].flatMap(([decisionId, versions]) => {
    const [first] = versions;
    const last = versions.at(-1);
    if (first === undefined || last === undefined || first.at_ms < BigInt(fromMs)) return [];
    return [entryWithoutDecision(decisionId, Number(first.at_ms), settlementFrom(last))];
  });
}

function entryWithoutDecision(decisionId: string, atMs: number, settlement: LedgerSettlement): LedgerEntry {
  return {
    decisionId,
    atMs,
    projectId: settlement.job === null ? '' : parseJobName(settlement.job).projectId,
    location: locationOfJob(settlement),
    team: '',
    principal: null,
    admitted: true,
    reservation: null,
    currency: settlement.cost.currency,
    settlement,
  };
}

function settlementFrom(row: SettlementRow): LedgerSettlement {
  return {
    job: row.job_id,
    bytesBilled: row.bytes_billed,
    freeBytes: row.free_bytes,
    cost: { currency: row.currency, micros: row.cost_micros },
    slotMs: row.slot_ms,
    source: row.source,
    tariff: settledTariff(row),
  };
}

function locationOfJob(settlement: LedgerSettlement | null): string | null {
  return settlement === null || settlement.job === null ? null : parseJobName(settlement.job).location;
}

function isOfQuery({ details }: DecisionRow): boolean {
  return holdsSql(readOrNot.parse(JSON.parse(details)).reading);
}
