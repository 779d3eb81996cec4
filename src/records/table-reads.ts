import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Micros } from '../vocabulary/money.ts';
import { tableName } from '../vocabulary/table.ts';
import type { TableReads } from '../vocabulary/table-reads.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';
import { addRead, type TableRead } from './add-read.ts';
import { table, tableUse } from './decision-record.ts';
import { hasRun } from './has-run.ts';
import { isLatestVersion } from './which-version.ts';

/** Few enough that whoever waits for SQLite, or for this thread, waits only a few milliseconds. */
const PAGE_ROWS = 100;

/** The part of a decision's details that says what its query reads. */
const details = z.object({
  reading: z.object({
    reader: z.string(),
    tables: z.array(tableUse),
  }),
  estimate: z.object({ referencedTables: z.array(table) }).nullable(),
  writes: z.array(table).default([]),
});

/**
 * Reads of tables by queries that ran, by table name. A view appears under its own name as written in the SQL, and the
 * tables behind it under theirs. Pruned days are not included.
 */
export async function tableReads(db: LedgerReader, span: TimeSpan): Promise<ReadonlyMap<string, TableReads>> {
  const reads = new Map<string, TableReads>();
  for await (const row of executedIn(db, span)) {
    for (const read of readsOf(row)) reads.set(read.table, addRead(reads.get(read.table), read));
  }
  return reads;
}

type ExecutedRow = Awaited<ReturnType<typeof readPage>>[number];

/** Queries that ran, oldest first; other work gets its turn between pages. */
async function* executedIn(db: LedgerReader, { fromMs, toMs }: TimeSpan): AsyncGenerator<ExecutedRow> {
  let after = { atMs: BigInt(fromMs), id: '' };
  for (;;) {
    const page = await readPage(db, after, BigInt(toMs));
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = { atMs: last.at_ms, id: last.id };
    await setImmediate();
  }
}

function readPage(db: LedgerReader, after: { readonly atMs: bigint; readonly id: string }, toMs: bigint) {
  return db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('decisions.at_ms', '>=', after.atMs)
    .where('decisions.at_ms', '<', toMs)
    .where((eb) => eb.or([eb('decisions.at_ms', '>', after.atMs), eb('decisions.id', '>', after.id)]))
    .where(isLatestVersion)
    .where(hasRun)
    .select([
      'decisions.id',
      'decisions.at_ms',
      'team',
      'principal',
      'tool',
      'person',
      'dashboard',
      'details',
    ])
    .select(['settlements.currency', 'settlements.bytes_billed', 'settlements.cost_micros'])
    .orderBy('decisions.at_ms')
    .orderBy('decisions.id')
    .limit(PAGE_ROWS)
    .execute();
}

function readsOf(row: ExecutedRow): readonly TableRead[] {
  const { reading, estimate, writes } = details.parse(JSON.parse(row.details));
  const uses = new Map(reading.tables.map((use) => [tableName(use.table), use]));
  // Without a dry run to resolve them, the names are those of tables: these are copy and extract jobs.
  const resolved = new Set(estimate === null ? uses.keys() : estimate.referencedTables.map(tableName));
  const written = new Set(writes.map(tableName));
  const named = [...uses.keys()].filter((name) => !resolved.has(name) && !written.has(name));
  const common = { ...amountsOf(row), ...readerOf(row) };
  const read = (name: string, { isResolved }: Pick<TableRead, 'isResolved'>): TableRead => {
    const use = reading.reader === 'polyglot' ? uses.get(name) : undefined;
    return {
      ...common,
      table: name,
      isResolved,
      columns:
        use === undefined
          ? null
          : {
              all: use.star,
              named: new Set([
                ...use.projected,
                ...use.filtered,
                ...(use.tested ?? []),
                ...use.joined,
                ...use.grouped,
              ]),
            },
    };
  };
  return [
    ...[...resolved].map((name) => read(name, { isResolved: true })),
    ...named.map((name) => read(name, { isResolved: false })),
  ];
}

function amountsOf({ at_ms, currency, bytes_billed, cost_micros }: ExecutedRow): {
  readonly atMs: number;
  readonly currency: string;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
} {
  return { atMs: Number(at_ms), currency, bytesBilled: bytes_billed, costMicros: cost_micros };
}

/** Persons and dashboards are prefixed with their tool: another tool's are different ones. */
function readerOf({ team, principal, tool, person, dashboard }: ExecutedRow) {
  const withTool = (name: string | null) => (name === null ? null : JSON.stringify([tool ?? '', name]));
  return { team, principal, person: withTool(person), dashboard: withTool(dashboard) };
}
