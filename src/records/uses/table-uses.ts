import { sql } from 'kysely';
import { z } from 'zod';
import { mayMatchGlob } from '../../foundation/text/glob.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { type Slice, slicesOf } from '../../ledger/statements/slices.ts';
import type { Caller } from '../../vocabulary/caller.ts';
import type { Decision, Outcome } from '../../vocabulary/decision.ts';
import { namedByDryRun } from '../../vocabulary/estimate.ts';
import { tableName } from '../../vocabulary/table.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { decisionDetails, table } from '../decisions/decision-record.ts';

/**
 * Whether a name means a table, either in full or from the dataset on; a star at the end of the name matches anything.
 * @param name `project.dataset.table`, or a wildcard such as `project.dataset.events_*`, which may read the table
 */
export function matchesTable(pattern: string, name: string): boolean {
  const parts = pattern.split('.').length;
  return mayMatchGlob(name.split('.').slice(-parts).join('.'), pattern);
}

/** A decision, as far as it tells who uses which tables. */
export interface DecisionUse {
  readonly atMs: number;
  readonly outcome: Outcome;
  readonly caller: Pick<Caller, 'team' | 'principal' | 'tool' | 'person' | 'dashboard' | 'card'>;
  /** What it reads, and what its SQL names: the SQL names a view, which the warehouse may resolve without a word. */
  readonly names: readonly string[];
  /** Of a job that bypassed guardrail: the tables that it reads are not recorded. Null for any other. */
  readonly unguarded: Pick<Decision, 'sql' | 'sqlRetention' | 'projectId'> | null;
}

/**
 * Decisions that may use one of some tables, and all that bypassed guardrail, oldest first. Each is read once,
 * however many tables are asked about.
 */
export async function* usesOfTables(
  db: LedgerReader,
  patterns: readonly string[],
  range: TimeSpan,
): AsyncGenerator<readonly DecisionUse[]> {
  const isNamed = nameFinder(patterns);
  for await (const slice of slicesOf(db, 'decisions', range)) {
    const rows = await rowsIn(db, slice);
    yield rows.filter(({ outcome, details }) => outcome === 'unguarded' || isNamed(details)).map(useFrom);
  }
}

/** Looking for names in the text of the details takes a fraction of the time that parsing it does. */
function nameFinder(patterns: readonly string[]): (details: string) => boolean {
  const lastParts = patterns.map((pattern) =>
    JSON.stringify(pattern.slice(pattern.lastIndexOf('.') + 1)).slice(1, -1),
  );
  const whole = new Set(lastParts);
  const globs = lastParts.filter((part) => part.includes('*'));
  const isWanted = (tableId: string) =>
    whole.has(tableId) ||
    (tableId.endsWith('*') ? lastParts : globs).some((part) => mayMatchGlob(tableId, part));
  return (details) => [...details.matchAll(TABLE_ID)].some(([, id = '']) => isWanted(id));
}

/** A table's ID as it is written in JSON. */
const TABLE_ID = /"tableId":"((?:[^"\\]|\\.)*)"/g;

type UseRow = Awaited<ReturnType<typeof rowsIn>>[number];

function rowsIn(db: LedgerReader, { fromMs, toMs }: Slice) {
  return db
    .selectFrom('decisions')
    .select(['at_ms', 'outcome', 'project_id', 'team', 'principal', 'tool', 'person', 'dashboard', 'card'])
    .select((eb) => [
      'details',
      eb.case().when('outcome', '=', UNGUARDED).then(eb.ref('sql')).else(NOTHING).end().as('sql'),
    ])
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', toMs)
    .orderBy('at_ms')
    .execute();
}

const UNGUARDED = sql.lit<Outcome>('unguarded');
const NOTHING = sql.lit('');

/** The part of a decision's details that says what it reads. */
const named = z.object({
  sqlRetention: decisionDetails.shape.sqlRetention,
  reading: z.object({ tables: z.array(z.object({ table })) }),
  estimate: z
    .object({ referencedTables: z.array(table), referencedViews: z.array(table).optional() })
    .nullable(),
});

function useFrom({ at_ms, outcome, project_id, details, sql: sqlStart, ...caller }: UseRow): DecisionUse {
  const { sqlRetention, reading, estimate } = named.parse(JSON.parse(details));
  const tables = [...namedByDryRun(estimate), ...reading.tables.map((use) => use.table)];
  return {
    atMs: Number(at_ms),
    outcome: outcome as Outcome,
    caller,
    names: tables.map(tableName),
    unguarded: outcome === 'unguarded' ? { sql: sqlStart, sqlRetention, projectId: project_id } : null,
  };
}
