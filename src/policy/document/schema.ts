import { z } from 'zod';
import type { RewriteResult } from '../../vocabulary/advice.ts';
import { MINIMUM_BYTES_PER_TABLE } from '../../vocabulary/bytes.ts';
import type { SqlRetention } from '../../vocabulary/policy.ts';
import { lifeOfRule, mode } from './rule-life-schema.ts';
import { bytes, language, name, oneOf, principal, text } from './schema-parts.ts';

const UP_TO = 'bytes such as 1 GiB, 10 MiB at the least';

const estimateSchema = z.strictObject(
  {
    mode: oneOf(['capped']).describe('capped: plain SELECTs are sent under a cap, without a dry run.'),
    up_to: bytes
      .refine((cap) => cap >= MINIMUM_BYTES_PER_TABLE, UP_TO)
      .describe('The cap, and what is reserved until the query is settled; 10 MiB at the least.'),
  },
  'a mapping of mode and up_to',
);

export const teamSchema = z.strictObject({
  name: name.describe('How rules, budgets and metrics name the team.'),
  title: text('a title').optional().describe('How people call the team; its name where this is left out.'),
  language: language
    .optional()
    .describe('The language in which the team is answered; en where this is left out.'),
  principals: z
    .array(principal, 'a list of principals')
    .describe(
      'E-mails, or patterns such as "*@example.com", that BigQuery confirms under the token of a caller.',
    ),
  estimate: estimateSchema
    .optional()
    .describe('How queries of the team are priced; by a dry run where this is left out.'),
});

const MESSAGE = 'a text, or a mapping of en and pt-BR to texts';

export const ruleSchema = z.strictObject({
  name: name.describe('How messages, records and budgets name the rule.'),
  mode: mode
    .optional()
    .describe('What happens where "when" holds: it is recorded, told as well, or the query is refused.'),
  ...lifeOfRule,
  teams: z
    .array(name, 'a list of teams')
    .min(1, 'at least one team, or no "teams" for all of them')
    .optional()
    .describe('For whom the rule is; everybody, also the unassigned, where this is left out.'),
  when: text('a CEL condition').optional().describe('A CEL condition over the facts of the query.'),
  maximum_bytes_billed: bytes.optional().describe('BigQuery bills the query for no more than this.'),
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
    .describe(
      'What is wrong and what to do: one text, or one per language. CEL in it stands in braces after a $.',
    ),
  on_error: oneOf(['deny', 'allow', 'audit'])
    .optional()
    .describe(
      'What a condition that fails counts as; deny for rules that deny, else audit, where this is left out.',
    ),
});

const TABLE = 'a table such as project.dataset.table';
const PARTITION = 'the name of the column by which the table is partitioned';
const tablePattern = /^[a-z][a-z0-9.:-]*\.[A-Za-z0-9_-]+\.(?:[^.\s*`]+\*?|\*)$/;
const onePlainTable = /^[a-z][a-z0-9.:-]*\.[A-Za-z0-9_-]+\.[^.\s*`]+$/;

export const tableSchema = z.strictObject({
  table: z
    .string(TABLE)
    .regex(tablePattern, `${TABLE}, or project.dataset.prefix* with the star at its end`)
    .describe('project.dataset.table, or project.dataset.prefix* for all that begin so.'),
  status: oneOf(['governed', 'legacy'])
    .optional()
    .describe('Whether the table is looked after, or on its way out.'),
  owner: text('who looks after the table').optional().describe('Who looks after the table.'),
  replacement: z
    .string(TABLE)
    .regex(onePlainTable, TABLE)
    .optional()
    .describe('What to read in its place: project.dataset.table.'),
  replacement_result: oneOf(['same', 'changed'] as const satisfies readonly RewriteResult[])
    .optional()
    .describe('Whether the replacement gives the same result (same), or may not (changed, the default).'),
  partition_column: z
    .string(PARTITION)
    .regex(/^\w+$/, PARTITION)
    .optional()
    .describe('The column by which the table is partitioned.'),
  note: text('a note').optional().describe('What else there is to say of the table.'),
});

export const recordsSchema = z.strictObject({
  sql: oneOf(['stored', 'masked', 'hashed', 'dropped'] as const satisfies readonly SqlRetention[]).describe(
    'How the SQL of queries is kept: as it is, with its literals replaced, as a digest, or not at all.',
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
      'The zone of now.hour and the like, and of exchange rates; in one file, UTC where it is in none.',
    ),
  inexact_reserve: z
    .unknown()
    .optional()
    .describe(
      'Reserved, and the cap, where a dry run sets no upper bound; in one file, 10 GiB where it is in none.',
    ),
  teams: z.array(z.unknown(), 'a list of teams').optional().describe('Who belongs together.'),
  budgets: z.array(z.unknown(), 'a list of budgets').optional().describe('What may be spent, and by whom.'),
  rules: z
    .array(z.unknown(), 'a list of rules')
    .optional()
    .describe('Which queries are recorded, told, capped or refused.'),
  exemptions: z
    .array(z.unknown(), 'a list of exemptions')
    .optional()
    .describe('Queries that a rule only records, for a time.'),
  catalog: z
    .strictObject(
      { tables: z.array(z.unknown(), 'a list of tables').optional().describe('What is known of tables.') },
      'a mapping with "tables"',
    )
    .optional()
    .describe('Which tables are looked after, and which are on their way out.'),
  pricing: z.unknown().optional().describe('What BigQuery costs; exactly once in all files.'),
  webhooks: z
    .array(z.unknown(), 'a list of webhooks')
    .optional()
    .describe('Who is told of budgets that reach a threshold.'),
  records: z.unknown().optional().describe('How queries are kept; in one file.'),
});

export type TeamEntry = z.infer<typeof teamSchema>;
export type RuleEntry = z.infer<typeof ruleSchema>;
export type TableEntry = z.infer<typeof tableSchema>;
export type RecordsEntry = z.infer<typeof recordsSchema>;
