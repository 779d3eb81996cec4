import { z } from 'zod';
import type { RewriteResult } from '../vocabulary/advice.ts';
import type { SqlRetention } from '../vocabulary/policy.ts';
import { lifeOfRule, mode } from './rule-life-schema.ts';
import { bytes, language, name, oneOf, principal, text } from './schema-parts.ts';

export const teamSchema = z.strictObject({
  name,
  title: text('a title').optional(),
  language: language.optional(),
  principals: z.array(principal, 'a list of principals'),
});

const MESSAGE = 'a text, or a mapping of en and pt-BR to texts';

export const ruleSchema = z.strictObject({
  name,
  mode: mode.optional(),
  ...lifeOfRule,
  teams: z
    .array(name, 'a list of teams')
    .min(1, 'at least one team, or no "teams" for all of them')
    .optional(),
  when: text('a CEL condition').optional(),
  maximum_bytes_billed: bytes.optional(),
  message: z
    .union(
      [
        text(MESSAGE),
        z
          .strictObject({ en: text(MESSAGE).optional(), 'pt-BR': text(MESSAGE).optional() })
          .refine((texts) => Object.keys(texts).length > 0),
      ],
      MESSAGE,
    )
    .optional(),
  on_error: oneOf(['deny', 'allow', 'audit']).optional(),
});

const TABLE = 'a table such as project.dataset.table';
const PARTITION = 'the name of the column by which the table is partitioned';
const tablePattern = /^[a-z][a-z0-9.:-]*\.[A-Za-z0-9_-]+\.(?:[^.\s*`]+\*?|\*)$/;
const onePlainTable = /^[a-z][a-z0-9.:-]*\.[A-Za-z0-9_-]+\.[^.\s*`]+$/;

export const tableSchema = z.strictObject({
  table: z.string(TABLE).regex(tablePattern, `${TABLE}, or project.dataset.prefix* with the star at its end`),
  status: oneOf(['governed', 'legacy']).optional(),
  owner: text('who looks after the table').optional(),
  replacement: z.string(TABLE).regex(onePlainTable, TABLE).optional(),
  replacement_result: oneOf(['same', 'changed'] as const satisfies readonly RewriteResult[]).optional(),
  partition_column: z.string(PARTITION).regex(/^\w+$/, PARTITION).optional(),
  note: text('a note').optional(),
});

export const recordsSchema = z.strictObject({
  sql: oneOf(['stored', 'masked', 'hashed', 'dropped'] as const satisfies readonly SqlRetention[]),
});

/** A file's frame. Its entries are checked one by one, so that one bad entry does not hide the others' errors. */
export const fileSchema = z.strictObject({
  version: z.literal('1', '"version: 1"'),
  time_zone: z.unknown().optional(),
  inexact_reserve: z.unknown().optional(),
  teams: z.array(z.unknown(), 'a list of teams').optional(),
  budgets: z.array(z.unknown(), 'a list of budgets').optional(),
  rules: z.array(z.unknown(), 'a list of rules').optional(),
  exemptions: z.array(z.unknown(), 'a list of exemptions').optional(),
  catalog: z
    .strictObject({ tables: z.array(z.unknown(), 'a list of tables').optional() }, 'a mapping with "tables"')
    .optional(),
  pricing: z.unknown().optional(),
  webhooks: z.array(z.unknown(), 'a list of webhooks').optional(),
  records: z.unknown().optional(),
});

export type TeamEntry = z.infer<typeof teamSchema>;
export type RuleEntry = z.infer<typeof ruleSchema>;
export type TableEntry = z.infer<typeof tableSchema>;
export type RecordsEntry = z.infer<typeof recordsSchema>;
