import { z } from 'zod';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { type Slice, slicesOf } from '../../ledger/statements/slices.ts';
import { tableName } from '../../vocabulary/table.ts';
import type { TableReads } from '../../vocabulary/table-reads.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { table, tableUse } from '../decisions/decision-record.ts';
import { hasRun } from '../did-run.ts';
import { isLatestVersion } from '../latest-version.ts';
import { addReader, addReads, nobody, type Readers, type ReadingQuery, type ReadTable } from './add-reads.ts';

/** Their details take a few megabytes of memory. */
const ROWS_AT_ONCE = 1_000;

/** Enough for the cards of a company; where each query differs, so many fit into memory. */
const READINGS_AT_ONCE = 5_000;

/** The part of a decision's details that says what its query reads. */
const details = z.object({
  reading: z.object({
    reader: z.string(),
    tables: z.array(tableUse),
  }),
  estimate: z
    .object({ referencedTables: z.array(table), referencedViews: z.array(table).optional() })
    .nullable(),
  writes: z.array(table).default([]),
});

/** Queries that read the same, and who sent them. */
interface Alike {
  readonly uses: readonly ReadTable[];
  readonly readers: Readers;
}

/**
 * Reads of tables by queries that ran, by table name. A view that the SQL or the dry run names appears under its own name, and
 * the tables behind it under theirs. Pruned days are not included.
 */
export async function tableReads(db: LedgerReader, span: TimeSpan): Promise<ReadonlyMap<string, TableReads>> {
  const reads = new Map<string, TableReads>();
  let byReading = new Map<string, Alike>();
  for await (const slice of slicesOf(db, 'decisions', span, { rowsAtOnce: ROWS_AT_ONCE })) {
    for (const row of await executedIn(db, slice)) {
      const reading = withoutNumbers(row.details);
      const alike = byReading.get(reading) ?? { uses: usesIn(row.details), readers: nobody() };
      if (alike.readers.queries === 0) byReading.set(reading, alike);
      addReader(alike.readers, queryOf(row));
    }
    if (byReading.size < READINGS_AT_ONCE) continue;
    addAll(reads, byReading.values());
    byReading = new Map();
  }
  addAll(reads, byReading.values());
  return reads;
}

function addAll(reads: Map<string, TableReads>, queries: Iterable<Alike>): void {
  for (const { uses, readers } of queries) {
    for (const use of uses) reads.set(use.table, addReads(reads.get(use.table), use, readers));
  }
}

/**
 * The details without any member that is a number, such as a duration: nothing that says what is read is one. The queries
 * of a card differ in little else, and to parse the details of each would take most of the time.
 */
function withoutNumbers(json: string): string {
  return json.replace(MEMBERS_WITH_NUMBERS, '');
}

/** Quotes within a text are escaped, so this matches nothing in one. */
const MEMBERS_WITH_NUMBERS = /"\w+":-?[\d.]+/g;

type ExecutedRow = Awaited<ReturnType<typeof executedIn>>[number];

/** Queries that ran, oldest first. */
function executedIn(db: LedgerReader, { fromMs, toMs }: Slice) {
  return db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('decisions.at_ms', '>=', fromMs)
    .where('decisions.at_ms', '<', toMs)
    .where(isLatestVersion)
    .where(hasRun)
    .select(['decisions.at_ms', 'team', 'principal', 'tool', 'person', 'dashboard', 'details'])
    .select(['settlements.currency', 'settlements.bytes_billed', 'settlements.cost_micros'])
    .orderBy('decisions.at_ms')
    .execute();
}

function usesIn(json: string): readonly ReadTable[] {
  const { reading, estimate, writes } = details.parse(JSON.parse(json));
  const uses = new Map(reading.tables.map((use) => [tableName(use.table), use]));
  // Without a dry run to resolve them, the names are those of tables: these are copy and extract jobs.
  const resolved = new Set(estimate === null ? uses.keys() : estimate.referencedTables.map(tableName));
  const written = new Set(writes.map(tableName));
  const views = (estimate?.referencedViews ?? []).map(tableName);
  const named = [...new Set([...uses.keys(), ...views])].filter(
    (name) => !resolved.has(name) && !written.has(name),
  );
  const columnsOf = (name: string) => columnsIn(reading.reader === 'polyglot' ? uses.get(name) : undefined);
  return [
    ...[...resolved].map((name) => ({ table: name, isResolved: true, columns: columnsOf(name) })),
    ...named.map((name) => ({ table: name, isResolved: false, columns: columnsOf(name) })),
  ];
}

function columnsIn(use: z.infer<typeof tableUse> | undefined): ReadTable['columns'] {
  if (use === undefined) return null;
  const { star, projected, filtered, tested = [], joined, grouped } = use;
  return { all: star, named: new Set([...projected, ...filtered, ...tested, ...joined, ...grouped]) };
}

/** Persons and dashboards are prefixed with their tool: another tool's are different ones. */
function queryOf({ at_ms, team, principal, tool, person, dashboard, ...spent }: ExecutedRow): ReadingQuery {
  const withTool = (name: string | null) => (name === null ? null : JSON.stringify([tool ?? '', name]));
  return {
    atMs: Number(at_ms),
    team,
    principal,
    person: withTool(person),
    dashboard: withTool(dashboard),
    currency: spent.currency,
    bytesBilled: spent.bytes_billed,
    costMicros: spent.cost_micros,
  };
}
