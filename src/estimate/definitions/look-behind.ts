import type { Estimate } from '../../vocabulary/estimate.ts';
import { type HiddenCalls, namesToOpen, possibleViews } from '../../vocabulary/hidden-calls.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { type RoutineDefinition, type RoutineReference, routineName } from '../../vocabulary/routine.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import type { TableDefinition } from '../../vocabulary/table-definition.ts';

/** Who knows what views and routines are, and what their SQL says. */
export interface DefinitionSources {
  /** Null if nobody tells the caller. */
  tableOf(table: TableReference): Promise<TableDefinition | null>;
  /** Null if nobody tells the caller. */
  routineOf(routine: RoutineReference): Promise<RoutineDefinition | null>;
  /** @param projectId the project that completes names without one */
  read(sql: string, projectId: string): Promise<SqlReading>;
}

export interface LookBehindLimits {
  readonly definitions: number;
  readonly depth: number;
  /** After this time, nothing more is opened. */
  readonly milliseconds: number;
}

/**
 * BigQuery nests views 16 deep.
 * @see https://cloud.google.com/bigquery/quotas#view_limits
 */
const LIMITS: LookBehindLimits = { definitions: 100, depth: 16, milliseconds: 10_000 };

/** A view, a routine, or a table that may be a view. */
type Subject =
  | { readonly kind: 'table'; readonly name: string; readonly table: TableReference }
  | { readonly kind: 'routine'; readonly name: string; readonly routine: RoutineReference };

/** What opening a subject has shown. */
interface Opened {
  readonly subject: Subject;
  readonly isOutside: boolean;
  readonly isUnread: boolean;
  /** What its SQL says; null if it has none. */
  readonly reading: SqlReading | null;
}

/**
 * What the views and routines behind a query call, by their own definitions, level by level. Each is opened once, so cycles end;
 * what is beyond a limit counts as unread.
 */
export async function lookBehind(
  { reading, estimate }: { readonly reading: SqlReading; readonly estimate: Estimate },
  sources: DefinitionSources,
  limits: LookBehindLimits = LIMITS,
): Promise<HiddenCalls> {
  const endsAt = performance.now() + limits.milliseconds;
  const rowsOf = new Set(estimate.referencedTables.map(tableName));
  const written = new Set((reading.writes ?? []).map(tableName));
  const seen = new Set<string>();
  const opened: Opened[] = [];
  const { tables, routines } = namesToOpen(reading, estimate);
  let waiting = unseen([...tables.map(tableSubject), ...routines.map(routineSubject)], seen);
  for (let depth = 0; waiting.length > 0; depth += 1) {
    const mayGoOn = depth < limits.depth && performance.now() < endsAt;
    const room = mayGoOn ? limits.definitions - opened.length : 0;
    const level = await Promise.all([
      ...waiting.slice(0, room).map((subject) => open(subject, sources, written)),
      ...waiting.slice(room).map((subject) => leftClosed(subject)),
    ]);
    opened.push(...level);
    waiting = unseen(
      level.flatMap(({ reading: inside }) => (inside === null ? [] : subjectsIn(inside, rowsOf))),
      seen,
    );
  }
  return callsIn(opened);
}

function subjectsIn(reading: SqlReading, rowsOf: ReadonlySet<string>): readonly Subject[] {
  return [
    ...possibleViews(reading, rowsOf).map(tableSubject),
    ...(reading.routines ?? []).map(routineSubject),
  ];
}

function tableSubject(table: TableReference): Subject {
  return { kind: 'table', name: tableName(table), table };
}

function routineSubject(routine: RoutineReference): Subject {
  return { kind: 'routine', name: routineName(routine), routine };
}

/** Those that were not seen before; they are from now on. */
function unseen(subjects: readonly Subject[], seen: Set<string>): readonly Subject[] {
  return subjects.filter((subject) => {
    const key = `${subject.kind} ${subject.name}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

async function open(
  subject: Subject,
  sources: DefinitionSources,
  written: ReadonlySet<string>,
): Promise<Opened> {
  return subject.kind === 'table'
    ? openTable(subject, subject.table, sources, written)
    : openRoutine(subject, subject.routine, sources);
}

async function openTable(
  subject: Subject,
  table: TableReference,
  { tableOf, read }: DefinitionSources,
  written: ReadonlySet<string>,
): Promise<Opened> {
  const definition = await tableOf(table);
  // What a script makes first does not exist yet, and what it is made of stands in the script.
  if (definition === null) return { ...leftClosed(subject), isUnread: !written.has(subject.name) };
  const { kind, sql } = definition;
  if (kind !== 'VIEW' && kind !== 'MATERIALIZED_VIEW') return holdsNoSql(subject);
  return sql === undefined ? leftClosed(subject) : readInside(subject, await read(sql, table.projectId));
}

async function openRoutine(
  subject: Subject,
  routine: RoutineReference,
  { routineOf, read }: DefinitionSources,
): Promise<Opened> {
  const definition = await routineOf(routine);
  if (definition === null) return leftClosed(subject);
  const { isOutside, sql } = definition;
  return sql === null
    ? { ...holdsNoSql(subject), isOutside }
    : readInside(subject, await read(sql, routine.projectId));
}

function leftClosed(subject: Subject): Opened {
  return { subject, isOutside: false, isUnread: true, reading: null };
}

function holdsNoSql(subject: Subject): Opened {
  return { subject, isOutside: false, isUnread: false, reading: null };
}

function readInside(subject: Subject, reading: SqlReading): Opened {
  return { subject, isOutside: false, isUnread: reading.reader === 'none', reading };
}

function callsIn(opened: readonly Opened[]): HiddenCalls {
  const namesOf = (those: readonly Opened[]) => [...new Set(those.map(({ subject }) => subject.name))];
  return {
    functions: [...new Set(opened.flatMap(({ reading }) => reading?.functions ?? []))],
    routines: namesOf(opened.filter(({ subject }) => subject.kind === 'routine')),
    outsideRoutines: namesOf(opened.filter(({ isOutside }) => isOutside)),
    unread: namesOf(opened.filter(({ isUnread }) => isUnread)),
  };
}
