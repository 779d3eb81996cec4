import { z } from 'zod';
import { type BudgetWindow, subjectKinds } from '../../vocabulary/budget.ts';
import { LIMIT_EXPECTED, LIMIT_PATTERN, parseLimit } from './amounts.ts';
import {
  contact,
  language,
  name,
  oneOf,
  parsed,
  principal,
  project,
  text,
  timeZone,
} from './schema-parts.ts';

/** The subjects to which a budget can be narrowed. */
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

/** No BI tool waits longer than this for its answer. */
const MAX_WAIT_S = 600;

function waitMsOrNull(text: string): number | null {
  const [, count, unit] = /^(\d{1,3}) ?(s|min)$/.exec(text) ?? [];
  const seconds = Number(count ?? 0) * (unit === 'min' ? 60 : 1);
  return seconds >= 1 && seconds <= MAX_WAIT_S ? seconds * 1000 : null;
}

function queueLengthOrNull(text: string): number | null {
  return /^\d{1,4}$/.test(text) && Number(text) <= 1000 ? Number(text) : null;
}

const WHEN_EXCEEDED = 'deny, warn, or a mapping of "only" to a list of rules';
const RULES = 'a list of at least one rule';
const ONLY = z.strictObject({
  only: z
    .array(name, RULES)
    .min(1, RULES)
    .describe('Only queries that one of these rules matches are refused.'),
});

export const budgetSchema = z.strictObject({
  name: name.describe('How messages, metrics and grants name the budget.'),
  organisation: z.literal('true', '"organisation: true", or none').optional().describe('Covers all queries.'),
  team: name.optional().describe('Covers the queries of this team.'),
  principal: principal
    .optional()
    .describe('Covers the queries of this e-mail address, or of all that match a pattern.'),
  person: text('a person, as the tool names them').optional().describe('Covers the queries of this person.'),
  dashboard: text('a dashboard, as the tool names it')
    .optional()
    .describe('Covers the queries of this dashboard.'),
  card: text('a card, as the tool names it').optional().describe('Covers the queries of this card.'),
  project: project.optional().describe('Covers the queries in this project, or in all that match a pattern.'),
  tool: text('a tool such as metabase').optional().describe('Covers the queries of this tool.'),
  per: oneOf(subjectKinds)
    .optional()
    .describe(
      'Each team, principal, person, dashboard, card or project gets an account with the whole limit.',
    ),
  window: parsed(WINDOW_EXPECTED, windowOrNull, /^(hour|day|week|month|rolling \d{1,3} ?h)$/)
    .optional()
    .describe('The period of the limit: hour, day, week, month, or the last hours, such as "rolling 24h".'),
  time_zone: timeZone
    .optional()
    .describe('Time zone in which windows begin, such as America/Sao_Paulo; default: UTC.'),
  limit: parsed(LIMIT_EXPECTED, parseLimit, LIMIT_PATTERN).describe(
    'How much may be spent: 20 GiB, 150 BRL, 40 slot-hours, 500 queries, or 4 at once.',
  ),
  warn_at: z
    .array(
      parsed('a whole percentage from 1% to 1000%', percentOrNull, /^\d{1,4}%$/),
      'a list of percentages such as 80%',
    )
    .optional()
    .describe('Percentages of the limit, such as 80%, at which a notice is sent, once each in a window.'),
  when_exceeded: z
    .union([oneOf(['deny', 'warn']), ONLY], WHEN_EXCEEDED)
    .optional()
    .describe('What happens to a query that does not fit: deny, warn, or deny only what these rules match.'),
  contact: contact
    .optional()
    .describe('Whom to ask about a refusal, such as "#data-help on Slack"; default: as the team says.'),
  queue: z
    .strictObject({
      length: parsed('how many may wait, a whole number from 0 to 1000', queueLengthOrNull, /^\d{1,4}$/)
        .optional()
        .describe('How many queries may wait, 0 to 1000; default: 20.'),
      wait: parsed(
        'how long to wait, such as 30 s or 2 min, at most 10 min',
        waitMsOrNull,
        /^\d{1,3} ?(s|min)$/,
      )
        .optional()
        .describe('How long a query waits, such as 30 s or 2 min, at most 10 min; default: 30 s.'),
    })
    .optional()
    .describe('How queries wait for a place if the limit is for queries at once.'),
});

const URL_EXPECTED = 'an http or https address';
const VARIABLE = 'the name of an environment variable such as FINOPS_SLACK_URL';
const BUDGETS = 'at least one budget, or no "budgets" for all of them';

export const webhookSchema = z.strictObject({
  name: name.describe('How logs and metrics name the webhook.'),
  format: oneOf(['json', 'slack'])
    .optional()
    .describe('The body that is sent: all figures as JSON, or a Slack message; default: json.'),
  url: z
    .url({ protocol: /^https?$/, error: URL_EXPECTED })
    .optional()
    .describe('The address, if it is not secret.'),
  url_env: z
    .string(VARIABLE)
    .regex(/^[A-Za-z_]\w*$/, VARIABLE)
    .optional()
    .describe('The environment variable with the address.'),
  language: language.optional().describe('The language of its notices; default: en.'),
  budgets: z
    .array(name, 'a list of budgets')
    .min(1, BUDGETS)
    .optional()
    .describe('Sends notices only for these budgets; default: all.'),
});

export type BudgetEntry = z.infer<typeof budgetSchema>;
export type WebhookEntry = z.infer<typeof webhookSchema>;
