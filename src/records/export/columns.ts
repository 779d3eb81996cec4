import { tableName } from '../../vocabulary/table.ts';
import type { DecisionRecord } from '../decisions/decision-record.ts';

/**
 * What a column holds: text, a 64-bit integer, an instant in milliseconds since the epoch, a boolean, a number, or a
 * list of texts.
 */
export type ColumnKind = 'text' | 'integer' | 'instant' | 'truth' | 'number' | 'texts';

/** The value for each kind of column; null if there is none. */
export type Cell = string | bigint | Date | boolean | number | readonly string[] | null;

/** A column of the export. */
export interface ExportColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** What it holds, in which unit, and when it is null; for the documentation. */
  readonly meaning: string;
  readonly valueIn: (record: DecisionRecord) => Cell;
}

const text = (
  name: string,
  meaning: string,
  valueIn: (record: DecisionRecord) => string | null,
): ExportColumn => ({
  name,
  kind: 'text',
  meaning,
  valueIn,
});
const integer = (
  name: string,
  meaning: string,
  valueIn: (record: DecisionRecord) => bigint | null,
): ExportColumn => ({
  name,
  kind: 'integer',
  meaning,
  valueIn,
});
const instant = (
  name: string,
  meaning: string,
  msIn: (record: DecisionRecord) => number | null,
): ExportColumn => ({
  name,
  kind: 'instant',
  meaning,
  valueIn(record) {
    const ms = msIn(record);
    return ms === null ? null : new Date(ms);
  },
});
const bool = (
  name: string,
  meaning: string,
  valueIn: (record: DecisionRecord) => boolean | null,
): ExportColumn => ({
  name,
  kind: 'truth',
  meaning,
  valueIn,
});
const texts = (
  name: string,
  meaning: string,
  valueIn: (record: DecisionRecord) => readonly string[],
): ExportColumn => ({
  name,
  kind: 'texts',
  meaning,
  valueIn,
});

const rulesIn = (mode: 'audit' | 'warn' | 'deny') => (record: DecisionRecord) =>
  record.hits.filter((hit) => hit.mode === mode).map(({ rule }) => rule);

/** Every column of the export, in order. Later versions only add columns at the end. */
export const columns: readonly ExportColumn[] = [
  text('decision_id', 'The decision.', ({ id }) => id),
  instant('admitted_at', 'When the query reached guardrail, in UTC.', ({ atMs }) => atMs),
  text('outcome', '`admitted`, `refused`, `failed` or `unguarded`.', ({ outcome }) => outcome),
  text(
    'cause',
    "If it did not run: the rule's or budget's name, or the warehouse's reason.",
    ({ cause }) => cause,
  ),
  text('project_id', 'The project that the job runs in.', ({ projectId }) => projectId),
  text('team', 'The team, according to the policy files.', ({ caller }) => caller.team),
  text('principal', 'The e-mail address that the warehouse confirmed.', ({ caller }) => caller.principal),
  text('tool', 'The BI tool or client.', ({ caller }) => caller.tool),
  text('person', 'The person, as the tool names them.', ({ caller }) => caller.person),
  text('dashboard', 'The dashboard, as the tool names it.', ({ caller }) => caller.dashboard),
  text('card', 'The card, as the tool names it.', ({ caller }) => caller.card),
  text('sql', 'The SQL, in the form that `sql_retention` names.', ({ sql }) => sql),
  text('sql_retention', '`stored`, `masked`, `hashed` or `dropped`.', ({ sqlRetention }) => sqlRetention),
  text(
    'fingerprint',
    'The same for queries that differ only in literals.',
    ({ reading }) => reading.fingerprint,
  ),
  text(
    'statement_type',
    "BigQuery's own term; null if it was not priced.",
    ({ estimate }) => estimate?.statementType ?? null,
  ),
  text(
    'location',
    'Where the job runs; null if it was not priced.',
    ({ estimate }) => estimate?.location ?? null,
  ),
  texts(
    'tables',
    'Tables that it reads, with views resolved, as `project.dataset.table`.',
    ({ estimate }) => [...new Set(estimate?.referencedTables.map(tableName))],
  ),
  texts('audit_rules', 'Rules of mode audit that matched.', rulesIn('audit')),
  texts('warn_rules', 'Rules of mode warn that matched.', rulesIn('warn')),
  texts('deny_rules', 'Rules of mode deny that matched.', rulesIn('deny')),
  integer(
    'estimated_bytes_processed',
    'Bytes, by the dry run.',
    ({ estimate }) => estimate?.bytesProcessed ?? null,
  ),
  integer(
    'estimated_bytes_billed',
    'The same bytes as BigQuery would bill them.',
    ({ estimate }) => estimate?.bytesBilled ?? null,
  ),
  text(
    'estimate_accuracy',
    '`PRECISE`, `LOWER_BOUND`, `UPPER_BOUND` or `UNKNOWN`.',
    ({ estimate }) => estimate?.accuracy ?? null,
  ),
  bool('estimate_cached', 'Whether an earlier dry run was reused.', ({ estimateCached }) => estimateCached),
  integer(
    'estimated_cost_micros',
    'Millionths of `estimated_currency`.',
    ({ estimatedCost }) => estimatedCost?.micros ?? null,
  ),
  text('estimated_currency', 'ISO 4217.', ({ estimatedCost }) => estimatedCost?.currency ?? null),
  integer(
    'maximum_bytes_billed',
    'The cap that was sent with the query, in bytes; null if nothing was sent.',
    ({ maximumBytesBilled }) => maximumBytesBilled,
  ),
  {
    name: 'overhead_ms',
    kind: 'number',
    meaning: 'Milliseconds that guardrail took, including the dry run.',
    valueIn: ({ overheadMs }) => overheadMs,
  },
  instant(
    'settled_at',
    'When its cost became known, in UTC; null if it is not settled, like all columns below.',
    ({ settlement }) => settlement?.atMs ?? null,
  ),
  text(
    'settlement_source',
    '`response`, `job`, `not run`, `assumed`, `repeated` or `reconciled`.',
    ({ settlement }) => settlement?.source ?? null,
  ),
  text(
    'job_id',
    "BigQuery's job as `project:location.job`; null if there is none.",
    ({ settlement }) => settlement?.jobId ?? null,
  ),
  integer('bytes_processed', 'Bytes.', ({ settlement }) => settlement?.bytesProcessed ?? null),
  integer('bytes_billed', 'Bytes.', ({ settlement }) => settlement?.bytesBilled ?? null),
  integer(
    'free_bytes',
    'The part of `bytes_billed` that the free tier paid for.',
    ({ settlement }) => settlement?.freeBytes ?? null,
  ),
  integer('cost_micros', 'Millionths of `currency`.', ({ settlement }) => settlement?.cost.micros ?? null),
  text('currency', 'ISO 4217.', ({ settlement }) => settlement?.cost.currency ?? null),
  bool('cache_hit', "Whether BigQuery's cache answered.", ({ settlement }) => settlement?.cacheHit ?? null),
  integer('slot_ms', 'Slot-milliseconds; null if unknown.', ({ settlement }) =>
    wholeOrNull(settlement?.slotMs),
  ),
  integer('duration_ms', 'Milliseconds from admission to the end; null if unknown.', ({ settlement }) =>
    wholeOrNull(settlement?.durationMs),
  ),
  text(
    'error_reason',
    "BigQuery's reason if the job failed.",
    ({ settlement }) => settlement?.errorReason ?? null,
  ),
  texts('exempt_rules', 'Those of `audit_rules` from which the query was exempt.', ({ hits }) =>
    hits.filter(({ eased }) => eased?.by === 'exemption').map(({ rule }) => rule),
  ),
];

function wholeOrNull(value: number | null | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(Math.round(value));
}
