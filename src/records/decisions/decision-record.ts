import { z } from 'zod';
import {
  ANTI_PATTERN_NAMES,
  type AntiPatternCondition,
  type AntiPatternFinding,
} from '../../vocabulary/antipatterns/antipattern.ts';
import type { Decision, Settlement } from '../../vocabulary/decision.ts';
import type { Estimate } from '../../vocabulary/estimate.ts';
import type { Easing, RuleHit, RuleMode, SqlRetention } from '../../vocabulary/policy.ts';
import type { FunctionRows, RecordedReading } from '../../vocabulary/reading.ts';

/** A recorded decision, and what its query came to. */
export interface DecisionRecord extends Decision {
  /** Null while the query runs, and if it was not forwarded. */
  readonly settlement: Settlement | null;
}

/** A table's name, as stored in records. */
export const table = z.object({ projectId: z.string(), datasetId: z.string(), tableId: z.string() });
const names = z.array(z.string());

/** How a query uses a table, as stored in records. */
export const tableUse = z.object({
  table,
  star: z.boolean(),
  projected: names,
  filtered: names,
  tested: names.exactOptional(),
  filteredIfOwn: names.exactOptional(),
  comparedVariables: names.exactOptional(),
  joined: names,
  grouped: names,
  neverRead: z.literal(true).exactOptional(),
  suffixes: z
    .array(
      z.object({
        atLeast: z.string().exactOptional(),
        atMost: z.string().exactOptional(),
        oneOf: names.exactOptional(),
        begins: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
});

const condition: z.ZodType<AntiPatternCondition> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('partitioned-by-column') }),
  z.object({ kind: z.literal('partitioned-by-none-of'), columns: names }),
  z.object({ kind: z.literal('smaller-than'), table: z.string() }),
]);

const antiPattern: z.ZodType<AntiPatternFinding> = z.object({
  name: z.enum(ANTI_PATTERN_NAMES),
  span: z.object({ start: z.number(), end: z.number() }),
  table: z.string().nullable(),
  column: z.string().nullable(),
  onlyIf: condition.nullable(),
});

const functionRows: z.ZodType<FunctionRows> = z.enum(['some columns', 'all columns']);

/** What the SQL itself says, as stored in records. */
export const reading = z.object({
  reader: z.enum(['polyglot', 'node-sql-parser', 'none']),
  unreadReason: z.string().nullable(),
  statement: z.string(),
  tables: z.array(tableUse),
  star: z.boolean(),
  functionRows: functionRows.exactOptional(),
  limit: z.number().nullable(),
  // Empty in decisions from before these were read.
  joinsWithoutCondition: z.number().default(0),
  subqueries: z.number().default(0),
  functions: names.default([]),
  antiPatterns: z.array(antiPattern).default([]),
});

const mode: z.ZodType<RuleMode> = z.enum(['audit', 'warn', 'deny']);
/** A place in the policy files, as stored in records. */
export const source = z.object({ file: z.string(), line: z.number(), column: z.number() });

/** Why a rule did less than its mode says, as stored in records. */
export const easings = {
  date: z.object({ by: z.literal('date'), wouldBe: mode, from: z.string() }),
  rollOut: z.object({ by: z.literal('roll-out'), wouldBe: mode, share: z.string() }),
  exemption: z.object({
    by: z.literal('exemption'),
    wouldBe: mode,
    owner: z.string(),
    reason: z.string(),
    until: z.string(),
    source,
  }),
};
const eased: z.ZodType<Easing> = z.discriminatedUnion('by', [
  easings.date,
  easings.rollOut,
  easings.exemption,
]);

/** A rule whose condition held, as stored in records. */
export const hit = z.object({
  rule: z.string(),
  mode,
  eased: eased.exactOptional(),
  message: z.string(),
  source,
}) satisfies z.ZodType<RuleHit>;

/** What the warehouse said before the query ran, as stored in records. */
export const estimate = z.object({
  principal: z.string().nullable(),
  statementType: z.string(),
  location: z.string(),
  accuracy: z.enum(['PRECISE', 'LOWER_BOUND', 'UPPER_BOUND', 'UNKNOWN']),
  referencedTables: z.array(table),
  referencedViews: z.array(table).optional(),
  referencedRoutines: names.optional(),
  ddlTarget: table.optional(),
  resultCached: z.boolean().optional(),
  madeAtMs: z.number(),
});

/**
 * Records outlive the version that wrote them, on the way back to an older one too: what only describes a query is left out
 * if it is not known here. What a query came to is read exactly or not at all.
 */
const knownFindings = z
  .array(z.unknown())
  .default([])
  .transform((found) =>
    found.flatMap((one) => {
      const finding = antiPattern.safeParse(one);
      return finding.success ? [finding.data] : [];
    }),
  );
const hitOrMore = z.union([hit, hit.omit({ eased: true })]);

/** Decisions from before there was a choice hold their SQL unchanged. */
const sqlRetention: z.ZodType<SqlRetention> = z
  .enum(['stored', 'masked', 'hashed', 'dropped'])
  .default('stored');

/** The part of a decision that is neither searched nor summed, kept as JSON. It has no bigint. */
export const decisionDetails = z.object({
  sqlRetention,
  // Zod types optional members as possibly undefined too, which JSON never holds.
  reading: reading.extend({ antiPatterns: knownFindings }) as z.ZodType<
    Omit<RecordedReading, 'fingerprint' | 'writes'>
  >,
  estimate: (estimate as z.ZodType<Omit<Estimate, 'bytesProcessed' | 'bytesBilled'>>).nullable(),
  estimateCached: z.boolean(),
  writes: z.array(table).exactOptional(),
  hits: z.array(hitOrMore),
  overheadMs: z.number(),
  stepMs: z
    .object({ read: z.number(), estimate: z.number().nullable(), decide: z.number().nullable() })
    .exactOptional(),
});

export type DecisionDetails = z.infer<typeof decisionDetails>;

/** Everything in a decision that has no column of its own. */
export function detailsOf(decision: Decision): DecisionDetails {
  const { fingerprint: _column, writes: _ofTheDecision, ...read } = decision.reading;
  return {
    sqlRetention: decision.sqlRetention,
    reading: read,
    estimate: decision.estimate === null ? null : withoutFigures(decision.estimate),
    estimateCached: decision.estimateCached,
    ...(decision.writes === undefined ? {} : { writes: [...decision.writes] }),
    hits: [...decision.hits],
    overheadMs: decision.overheadMs,
    ...(decision.stepMs === undefined ? {} : { stepMs: decision.stepMs }),
  };
}

function withoutFigures(whole: Estimate): DecisionDetails['estimate'] {
  const { bytesProcessed: _processed, bytesBilled: _billed, ...rest } = whole;
  return rest;
}
