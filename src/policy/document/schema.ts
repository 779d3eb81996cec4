import { z } from 'zod';
import type { RewriteResult } from '../../vocabulary/advice.ts';
import { MINIMUM_BYTES_PER_TABLE } from '../../vocabulary/bytes.ts';
import type { SqlRetention } from '../../vocabulary/policy.ts';
import { mode, ruleLifeFields } from './rule-life-schema.ts';
import { bytes, contact, language, name, oneOf, principal, text } from './schema-parts.ts';

const UP_TO = 'bytes such as 1 GiB, 10 MiB at the least';

const estimateSchema = z.strictObject(
  {
    mode: oneOf(['capped']).describe('capped: plain SELECTs are sent under a cap, without a dry run.'),
    up_to: bytes
      .refine((cap) => cap >= MINIMUM_BYTES_PER_TABLE, UP_TO)
      .describe('The cap, and the amount reserved until the query is settled; at least 10 MiB.'),
  },
  'a mapping of mode and up_to',
);

export const teamSchema = z.strictObject({
  name: name.describe('How rules, budgets and metrics name the team.'),
  title: text('a title').optional().describe('What people call the team; default: its name.'),
  language: language.optional().describe('The language of messages to the team; default: en.'),
  contact: contact
    .optional()
    .describe('Whom the team asks about a refusal, if neither the rule nor the budget says.'),
  principals: z
    .array(principal, 'a list of principals')
    .describe(
      'E-mail addresses that BigQuery confirms for the token of a caller, or patterns such as "*@example.com".',
    ),
  estimate: estimateSchema.optional().describe('How queries of the team are priced; default: by a dry run.'),
});

const MESSAGE = 'a text, or a mapping of en and pt-BR to texts';

export const ruleSchema = z.strictObject({
  name: name.describe('How messages, records and budgets name the rule.'),
  mode: mode
    .optional()
    .describe('What happens when "when" holds: audit records, warn also warns, deny refuses the query.'),
  ...ruleLifeFields,
  teams: z
    .array(name, 'a list of teams')
    .min(1, 'at least one team, or no "teams" for all of them')
    .optional()
    .describe('The teams to which the rule applies; default: everybody, including unassigned.'),
  when: text('a CEL condition').optional().describe('A CEL condition over the facts of the query.'),
  maximum_bytes_billed: bytes.optional().describe('The most that BigQuery may bill for the query.'),
  message: z
    .union(
      [
        text(MESSAGE),
        z
          .strictObject({
            en: text(MESSAGE).optional().describe('In English.'),
            'pt-BR': text(MESSAGE).optional().describe('In Portuguese.'),
          })
          .refine((texts) => Object.keys(texts).length > 0),
      ],
      MESSAGE,
    )
    .optional()
    .describe('What is wrong and what to do: one text, or one per language. CEL goes in braces after a $.'),
  contact: contact
    .optional()
    .describe('Whom to ask about a refusal, such as "#data-help on Slack"; default: as the team says.'),
  on_error: oneOf(['deny', 'allow', 'audit'])
    .optional()
    .describe('What a failing condition counts as; default: deny for rules that deny, else audit.'),
});

const TABLE = 'a table such as project.dataset.table';
const PARTITION = 'the name of the column by which the table is partitioned';
const tablePattern = /^[a-z][a-z0-9.:-]*\.[A-Za-z0-9_-]+\.(?:[^.\s*`]+\*?|\*)$/;
const onePlainTable = /^[a-z][a-z0-9.:-]*\.[A-Za-z0-9_-]+\.[^.\s*`]+$/;

export const tableSchema = z.strictObject({
  table: z
    .string(TABLE)
    .regex(tablePattern, `${TABLE}, or project.dataset.prefix* with the star at its end`)
    .describe('project.dataset.table, or project.dataset.prefix* for all tables with that prefix.'),
  status: oneOf(['governed', 'legacy']).optional().describe('governed: looked after; legacy: to be retired.'),
  owner: text('who looks after the table').optional().describe('Who looks after the table.'),
  replacement: z
    .string(TABLE)
    .regex(onePlainTable, TABLE)
    .optional()
    .describe('The table to read instead: project.dataset.table.'),
  replacement_result: oneOf(['same', 'changed'] as const satisfies readonly RewriteResult[])
    .optional()
    .describe(
      'same: queries give the same result with the replacement; changed (the default): they may not.',
    ),
  partition_column: z
    .string(PARTITION)
    .regex(/^\w+$/, PARTITION)
    .optional()
    .describe('The column by which the table is partitioned.'),
  note: text('a note').optional().describe('Anything else worth saying about the table.'),
});

export const recordsSchema = z.strictObject({
  sql: oneOf(['stored', 'masked', 'hashed', 'dropped'] as const satisfies readonly SqlRetention[]).describe(
    'How the SQL of queries is kept: stored unchanged, masked (literals replaced), hashed (a digest), or dropped.',
  ),
});

/**
 * The frame of a file. Its entries are checked one by one, so that one bad entry does not hide the errors of others.
 */
export const fileSchema = z.strictObject({
  version: z.literal('1', '"version: 1"').describe('The version of this format: 1.'),
  time_zone: z
    .unknown()
    .optional()
    .describe(
      'Time zone for now.hour and the like, and for exchange rates and reports if budgets differ; in one file only; default: UTC.',
    ),
  inexact_reserve: z
    .unknown()
    .optional()
    .describe('Reserve and cap if a dry run gives no upper bound; in one file only; default: 10 GiB.'),
  teams: z.array(z.unknown(), 'a list of teams').optional().describe('Teams, and who belongs to them.'),
  budgets: z.array(z.unknown(), 'a list of budgets').optional().describe('What may be spent, and by whom.'),
  rules: z
    .array(z.unknown(), 'a list of rules')
    .optional()
    .describe('Which queries are recorded, warned about, capped or refused.'),
  exemptions: z
    .array(z.unknown(), 'a list of exemptions')
    .optional()
    .describe('Queries that a rule only records, for a limited time.'),
  catalog: z
    .strictObject(
      {
        tables: z
          .array(z.unknown(), 'a list of tables')
          .optional()
          .describe('Tables, and what is known about them.'),
      },
      'a mapping with "tables"',
    )
    .optional()
    .describe('Which tables are governed, and which are legacy.'),
  pricing: z.unknown().optional().describe('What BigQuery costs; exactly once in all files.'),
  webhooks: z
    .array(z.unknown(), 'a list of webhooks')
    .optional()
    .describe('Where notices go when a budget reaches a threshold.'),
  records: z.unknown().optional().describe('How queries are recorded; in one file only.'),
});

export type TeamEntry = z.infer<typeof teamSchema>;
export type RuleEntry = z.infer<typeof ruleSchema>;
export type TableEntry = z.infer<typeof tableSchema>;
export type RecordsEntry = z.infer<typeof recordsSchema>;
