import { z } from 'zod';
import { type BudgetWindow, subjectKinds } from '../vocabulary/budget.ts';
import { LIMIT_EXPECTED, parseLimit } from './amounts.ts';
import { language, name, oneOf, parsed, principal, project, text, timeZone } from './schema-parts.ts';

/** By what a budget can be narrowed. */
export const selectors = [...subjectKinds, 'tool'] as const;

export const WINDOW_EXPECTED =
  'hour, day, week, month, or the last hours at any moment, 1 to 744 of them, such as "rolling 24h"';

function windowOrNull(text: string): BudgetWindow | null {
  if (text === 'hour' || text === 'day' || text === 'week' || text === 'month') return text;
  const hours = Number(/^rolling (\d{1,3}) ?h$/.exec(text)?.[1] ?? 0);
  return hours >= 1 && hours <= 744 ? `rolling-${hours}h` : null;
}

function percentOrNull(text: string): number | null {
  const percent = Number(/^(\d{1,4})%$/.exec(text)?.[1] ?? 0);
  return percent >= 1 && percent <= 1000 ? percent : null;
}

/** Longer than this no BI tool waits for its answer. */
const LONGEST_WAIT_S = 600;

function waitMsOrNull(text: string): number | null {
  const [, count, unit] = /^(\d{1,3}) ?(s|min)$/.exec(text) ?? [];
  const seconds = Number(count ?? 0) * (unit === 'min' ? 60 : 1);
  return seconds >= 1 && seconds <= LONGEST_WAIT_S ? seconds * 1000 : null;
}

function queueLengthOrNull(text: string): number | null {
  return /^\d{1,4}$/.test(text) && Number(text) <= 1000 ? Number(text) : null;
}

const WHEN_EXCEEDED = 'deny, warn, or a mapping of "only" to a list of rules';
const RULES = 'a list of at least one rule';

export const budgetSchema = z.strictObject({
  name,
  organisation: z.literal('true', '"organisation: true", or none').optional(),
  team: name.optional(),
  principal: principal.optional(),
  person: text('a person, as the tool names them').optional(),
  dashboard: text('a dashboard, as the tool names it').optional(),
  card: text('a card, as the tool names it').optional(),
  project: project.optional(),
  tool: text('a tool such as metabase').optional(),
  per: oneOf(subjectKinds).optional(),
  window: parsed(WINDOW_EXPECTED, windowOrNull).optional(),
  time_zone: timeZone.optional(),
  limit: parsed(LIMIT_EXPECTED, parseLimit),
  warn_at: z
    .array(parsed('a whole percentage from 1% to 1000%', percentOrNull), 'a list of percentages such as 80%')
    .optional(),
  when_exceeded: z
    .union(
      [oneOf(['deny', 'warn']), z.strictObject({ only: z.array(name, RULES).min(1, RULES) })],
      WHEN_EXCEEDED,
    )
    .optional(),
  queue: z
    .strictObject({
      length: parsed('how many may wait, a whole number from 0 to 1000', queueLengthOrNull).optional(),
      wait: parsed('how long to wait, such as 30 s or 2 min, at most 10 min', waitMsOrNull).optional(),
    })
    .optional(),
});

const URL_EXPECTED = 'an http or https address';
const VARIABLE = 'the name of an environment variable such as FINOPS_SLACK_URL';
const BUDGETS = 'at least one budget, or no "budgets" for all of them';

export const webhookSchema = z.strictObject({
  name,
  format: oneOf(['json', 'slack']).optional(),
  url: z.url({ protocol: /^https?$/, error: URL_EXPECTED }).optional(),
  url_env: z
    .string(VARIABLE)
    .regex(/^[A-Za-z_]\w*$/, VARIABLE)
    .optional(),
  language: language.optional(),
  budgets: z.array(name, 'a list of budgets').min(1, BUDGETS).optional(),
});

export type BudgetEntry = z.infer<typeof budgetSchema>;
export type WebhookEntry = z.infer<typeof webhookSchema>;
