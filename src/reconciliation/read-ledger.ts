import type { Selectable } from 'kysely';
import { z } from 'zod';
import { DAY_MS } from '../calendar/durations.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import { settledTariff } from '../ledger/settled-tariff.ts';
import { chunks } from '../lists/chunks.ts';
import { jobName, parseJobName, writtenLocation } from '../vocabulary/job-name.ts';
import { NO_SQL } from '../vocabulary/reading.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';
import type { WarehouseJob } from './jobs/warehouse-job.ts';
import type { LedgerEntry, LedgerSettlement } from './ledger-entry.ts';
import { unguardedId } from './unguarded-id.ts';

type SettlementRow = Selectable<LedgerSchema['settlements']>;

/** Bounds what is in memory at once, and how many parameters a statement has. */
const PAGE = 1_000;

/** The part of a decision's details that tells whether its job holds SQL. */
const readOrNot = z.object({ reading: z.object({ unreadReason: z.string().nullable() }) });
const estimatedLocation = z.object({ estimate: z.object({ location: z.string() }).nullable() });

/**
 * Every decision of a span with the settlement that stands, and settlements whose decision was never recorded. Decisions on jobs
 * that load, copy or extract are left out, as these jobs are: the warehouse's list would seem to miss them.
 */
export async function readLedger(db: LedgerReader, span: TimeSpan): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const page of decisionPages(db, span))
    entries.push(...(await withSettlements(db, page.filter(holdsSql))));
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
    entries.push(...(await withSettlements(db, decisions.filter(holdsSql))));
  }
  return entries;
}

/**
 * Those of some jobs that an entry of the ledger may be about, whenever it was made: one with the decision that is in the
 * job's label, one entered for it after it bypassed guardrail, or one that names it in any version of a settlement.
 */
export async function jobsInLedger(
  db: LedgerReader,
  jobs: readonly WarehouseJob[],
): Promise<readonly WarehouseJob[]> {
  const sought = jobs.map((job) => ({ job, decisions: decisionsOf(job) }));
  const decided = await decisionsAmong(
    db,
    sought.flatMap(({ decisions }) => decisions),
  );
  const undecided = sought.filter(({ decisions }) => !decisions.some((id) => decided.has(id)));
  const named = undecided.map(({ job }) => ({ job, names: namesOf(job) }));
  const settled = await jobsSettledAmong(
    db,
    named.flatMap(({ names }) => names),
  );
  const strangers = new Set(
    named.filter(({ names }) => !names.some((name) => settled.has(name))).map(({ job }) => job),
  );
  return jobs.filter((job) => !strangers.has(job));
}

function decisionsOf(job: WarehouseJob): readonly string[] {
  const entered = unguardedId(job);
  return job.labelledDecision === null ? [entered] : [job.labelledDecision, entered];
}

function namesOf(job: WarehouseJob): readonly string[] {
  return [jobName(job), jobName({ ...job, location: null })];
}

async function decisionsAmong(db: LedgerReader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const some of chunks(ids, PAGE)) {
    const rows = await db.selectFrom('decisions').select('id').where('id', 'in', some).execute();
    for (const { id } of rows) found.add(id);
  }
  return found;
}

async function jobsSettledAmong(db: LedgerReader, names: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const some of chunks(names, PAGE)) {
    const rows = await db.selectFrom('settlements').select('job_id').where('job_id', 'in', some).execute();
    for (const { job_id } of rows) found.add(job_id ?? '');
  }
  return found;
}

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

/** Where queries ran according to a span's decisions: each project, each location. */
export async function placesIn(
  db: LedgerReader,
  span: TimeSpan,
): Promise<{ readonly projects: readonly string[]; readonly locations: readonly string[] }> {
  const projects = new Set<string>();
  const locations = new Set<string>();
  for await (const page of decisionPages(db, span)) {
    for (const { project_id, details } of page) {
      projects.add(project_id);
      const location = locationIn(details);
      if (location !== null) locations.add(location);
    }
  }
  return { projects: [...projects].toSorted(), locations: [...locations].toSorted() };
}

type DecisionRow = Awaited<ReturnType<typeof nextDecisions>>[number];

async function* decisionPages(db: LedgerReader, span: TimeSpan): AsyncGenerator<readonly DecisionRow[]> {
  let after: DecisionRow | null = null;
  for (;;) {
    const page: readonly DecisionRow[] = await nextDecisions(db, span, after);
    yield page;
    after = page.at(-1) ?? null;
    if (after === null || page.length < PAGE) return;
  }
}

async function nextDecisions(
  db: LedgerReader,
  { fromMs, toMs }: TimeSpan,
  after: { readonly at_ms: bigint; readonly id: string } | null,
) {
  const query = selectDecisions(db)
    .where('decisions.at_ms', '<', BigInt(toMs))
    .orderBy('decisions.at_ms')
    .orderBy('decisions.id')
    .limit(PAGE);
  if (after === null) return query.where('decisions.at_ms', '>=', BigInt(fromMs)).execute();
  // The first condition keeps PostgreSQL from reading everything older again for each page.
  return query
    .where('decisions.at_ms', '>=', after.at_ms)
    .where((eb) => eb.or([eb('decisions.at_ms', '>', after.at_ms), eb('decisions.id', '>', after.id)]))
    .execute();
}

function selectDecisions(db: LedgerReader) {
  return db
    .selectFrom('decisions')
    .leftJoin('reservations', 'reservations.decision_id', 'decisions.id')
    .select([
      'decisions.id',
      'decisions.at_ms',
      'decisions.project_id',
      'decisions.team',
      'decisions.principal',
      'decisions.outcome',
      'decisions.details',
      'reservations.state',
      'reservations.currency',
    ]);
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

function holdsSql({ details }: DecisionRow): boolean {
  return readOrNot.parse(JSON.parse(details)).reading.unreadReason !== NO_SQL;
}

function locationIn(details: string): string | null {
  const { estimate } = estimatedLocation.parse(JSON.parse(details));
  return estimate === null ? null : writtenLocation(estimate.location);
}
