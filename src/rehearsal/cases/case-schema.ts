import { z } from 'zod';
import {
  LIMIT_EXPECTED,
  LIMIT_PATTERN,
  parseLimit,
  parseSlotTime,
  SLOT_TIME_EXPECTED,
  SLOT_TIME_PATTERN,
} from '../../policy/document/amounts.ts';
import { jsonSchemaOf } from '../../policy/document/json-schema.ts';
import { bytes, name, oneOf, parsed, price, text } from '../../policy/document/schema-parts.ts';
import { amountOfLimit, unitOf } from '../../vocabulary/budget.ts';
import type { EstimateAccuracy } from '../../vocabulary/estimate.ts';
import type { RuleMode } from '../../vocabulary/policy.ts';
import { tableKinds } from '../../vocabulary/table-definition.ts';

/** An amount in a budget's unit, or a share of its limit. */
export type GivenAmount = { readonly unit: string; readonly amount: bigint } | { readonly percent: bigint };

function amountOrNull(written: string): GivenAmount | null {
  const percent = /^(\d{1,4})%$/.exec(written)?.[1];
  if (percent !== undefined) return { percent: BigInt(percent) };
  const limit = parseLimit(written);
  return limit === null ? null : { unit: unitOf(limit), amount: amountOfLimit(limit) };
}

function instantOrNull(written: string): number | null {
  const parsedInstant = z.iso.datetime({ offset: true }).safeParse(written);
  return parsedInstant.success ? Date.parse(parsedInstant.data) : null;
}

const amount = parsed(
  `a share of the limit such as 95%, or ${LIMIT_EXPECTED}`,
  amountOrNull,
  new RegExp(`${LIMIT_PATTERN.source}|^\\d{1,4}%$`),
);

const table = fullName('a table as project.dataset.table');
const routine = fullName('a function or procedure as project.dataset.routine');

const COLUMNS = 'a list of columns';
const definitionSchema = z.strictObject({
  partitioned_by: text('a column')
    .optional()
    .describe('Its partition column, or _PARTITIONTIME if partitioned by load time; default: none.'),
  clustered_by: z
    .array(text('a column'), COLUMNS)
    .optional()
    .describe('The columns by which it is clustered, in order; default: none.'),
  kind: oneOf(tableKinds)
    .optional()
    .describe('What kind of table it is; default: VIEW with "sql", otherwise TABLE.'),
  size: bytes.optional().describe('Its total size, such as 2 TiB; default: unknown.'),
  sql: text('GoogleSQL').optional().describe('The query of a view; default: unknown.'),
});

const routineDefinitionSchema = z.strictObject({
  body: text('an expression or a query in GoogleSQL')
    .optional()
    .describe('What it runs: the expression or query of a function; default: nothing that is SQL.'),
  outside: z
    .literal('true', '"outside: true", or none')
    .optional()
    .describe('Another service does its work, as for a remote function.'),
});

const RUNS = 'a whole number of runs, 100 at the most';
const HOURS = 'a number of hours such as 2 or 0.5';
const historySchema = z.strictObject({
  runs: parsed(RUNS, runsOrNull, /^\d{1,3}$/).describe('How often it ran before; the latest 100 count.'),
  median_cost: price
    .optional()
    .describe('The cost that half of these runs stayed within, in the pricing currency.'),
  p95_cost: price
    .optional()
    .describe('The cost that 19 of 20 of them stayed within, in the pricing currency.'),
  last_seen_hours: parsed(HOURS, hoursOrNull, /^\d{1,6}(\.\d{1,6})?$/)
    .optional()
    .describe('Hours since the latest of them.'),
});

function runsOrNull(written: string): number | null {
  const runs = /^\d{1,3}$/.test(written) ? Number(written) : null;
  return runs === null || runs > 100 ? null : runs;
}

function hoursOrNull(written: string): number | null {
  return /^\d{1,6}(\.\d{1,6})?$/.test(written) ? Number(written) : null;
}

const givenSchema = z.strictObject({
  bytes: bytes
    .optional()
    .describe('Bytes processed according to the dry run, such as 3 GiB; default: 10 MiB.'),
  accuracy: oneOf([
    'PRECISE',
    'LOWER_BOUND',
    'UPPER_BOUND',
    'UNKNOWN',
  ] as const satisfies readonly EstimateAccuracy[])
    .optional()
    .describe('How exact the dry run is; default: PRECISE.'),
  statement_type: text('a statement type such as SELECT or SCRIPT')
    .optional()
    .describe("BigQuery's statement type; default: from the SQL."),
  location: text('a BigQuery location').optional().describe('Where the query runs; default: US.'),
  tables: z
    .array(table, 'a list of tables')
    .optional()
    .describe('The tables that the dry run names, including those behind views; default: those of the SQL.'),
  routines: z
    .array(routine, 'a list of functions and procedures')
    .optional()
    .describe('The functions and procedures of your own that the dry run names; default: none.'),
  slot_time: parsed(SLOT_TIME_EXPECTED, parseSlotTime, SLOT_TIME_PATTERN)
    .optional()
    .describe('What the query is expected to take, such as 0.1 slot-hours.'),
  at: parsed('an instant such as 2026-11-24T09:30:00-03:00', instantOrNull, /^\d{4}-\d{2}-\d{2}T\S+$/)
    .optional()
    .describe('When the query is sent, such as 2026-11-24T09:30:00-03:00; default: now.'),
  table_definitions: z
    .record(table, definitionSchema, 'a mapping of tables to what they are')
    .optional()
    .describe('Table definitions from the warehouse; default: unknown.'),
  routine_definitions: z
    .record(routine, routineDefinitionSchema, 'a mapping of functions and procedures to what they are')
    .optional()
    .describe('Definitions of functions and procedures from the warehouse; default: unknown.'),
  history: historySchema
    .optional()
    .describe('Earlier runs of the query according to the ledger; default: it never ran.'),
  budgets: z
    .record(
      z.string(),
      z.strictObject({
        used: amount.optional().describe('What is spent, such as 19 GiB or 95%.'),
        reserved: amount.optional().describe('What running queries have reserved.'),
      }),
      'a mapping of budgets to "used" and "reserved"',
    )
    .optional()
    .describe('The state of budgets; default: untouched.'),
});

const TEXTS = 'a text, or a list of texts';
const texts = z.union([text(TEXTS), z.array(text(TEXTS))], TEXTS);
const MESSAGE = 'what the message contains: a text, a list of texts, or a mapping of en and pt-BR to such';

const expectationSchema = z.strictObject({
  decision: oneOf(['allow', 'deny']).describe('Whether the query runs.'),
  refused_by: name.optional().describe('The rule or budget that refuses it.'),
  rules: z
    .record(
      z.string(),
      oneOf(['audit', 'warn', 'deny'] as const satisfies readonly RuleMode[]),
      'a mapping of rules to modes',
    )
    .optional()
    .describe('All rules that it hits, with the mode in force: { large-query: audit }, or {} for none.'),
  cap: bytes.optional().describe('The lowest cap that rules set.'),
  message: z
    .union(
      [
        texts,
        z.strictObject({
          en: texts.optional().describe('In English.'),
          'pt-BR': texts.optional().describe('In Portuguese.'),
        }),
      ],
      MESSAGE,
    )
    .optional()
    .describe(
      "Text that the message must contain: one, several, or some per language; default: the team's language.",
    ),
});

const AS_EXPECTED = 'a team, or the e-mail of a principal';
const hints = {
  person: text('a person, as the tool names them').optional().describe('Who it is, as the tool says.'),
  dashboard: text('a dashboard, as the tool names it')
    .optional()
    .describe('The dashboard, as the tool says.'),
  card: text('a card, as the tool names it').optional().describe('The card, as the tool says.'),
  tool: text('a tool such as metabase').optional().describe('The tool, such as metabase.'),
};
const callerFields = {
  as: text(AS_EXPECTED)
    .optional()
    .describe('Who sends the query: a team, or the e-mail address of a principal.'),
  project: text('a project')
    .optional()
    .describe('The project in which it runs, which completes short names.'),
  dataset: text('a dataset').optional().describe('The dataset for table names without one.'),
  ...hints,
};

export const defaultsSchema = z.strictObject(callerFields);

export const caseSchema = z.strictObject({
  name: text('what the case shows').describe('What the case shows, as a sentence.'),
  sql: text('GoogleSQL').describe('The query.'),
  ...callerFields,
  given: givenSchema.optional().describe('What the warehouse and the ledger would say.'),
  expect: expectationSchema.describe('The expected outcome.'),
});

/** The frame of a file, whose cases are checked one by one. */
export const caseFileSchema = z.strictObject({
  version: z.literal('1', '"version: 1"').describe('The version of this format: 1.'),
  defaults: z.unknown().optional().describe('Values for every case that does not give its own.'),
  cases: z.array(z.unknown(), 'a list of cases').describe('Queries, each with its expected outcome.'),
});

export type CaseDefaults = z.infer<typeof defaultsSchema>;
export type CaseEntry = z.infer<typeof caseSchema>;
export type CaseGiven = z.infer<typeof givenSchema>;
export type Expectation = z.infer<typeof expectationSchema>;

/** What editors learn about files of cases. */
export function caseJsonSchema(): Readonly<Record<string, unknown>> {
  const wholeFile = caseFileSchema.extend({
    defaults: defaultsSchema.optional().describe(caseFileSchema.shape.defaults.description ?? ''),
    cases: z.array(caseSchema).describe(caseFileSchema.shape.cases.description ?? ''),
  });
  return jsonSchemaOf(wholeFile, 'Test cases for policy files of guardrail');
}

/** @param what the name is of, in the error for another form */
function fullName(what: string) {
  return z.string(what).regex(/^[^\s.]+\.[^\s.]+\.\S+$/, what);
}
