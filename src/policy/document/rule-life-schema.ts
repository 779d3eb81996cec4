import { z } from 'zod';
import type { RuleMode } from '../../vocabulary/policy.ts';
import { date, name, oneOf, parsed, principal, text } from './schema-parts.ts';

/** A share of fingerprints, in hundredths of a percent, and as written. */
export interface RollOutShare {
  readonly perTenThousand: number;
  readonly written: string;
}

const SHARE = 'a percentage from 0% to 100% with at most two decimals, such as 25%';

function shareOrNull(written: string): RollOutShare | null {
  const [, whole, fraction = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(written) ?? [];
  if (whole === undefined) return null;
  const perTenThousand = Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  return perTenThousand <= 10_000 ? { perTenThousand, written } : null;
}

export const mode = oneOf(['audit', 'warn', 'deny'] as const satisfies readonly RuleMode[]);

const DATES = {
  warn_from: date
    .optional()
    .describe(
      'With enforce_from: the day from which the rule warns, such as 2026-12-01; before it, the rule audits.',
    ),
  enforce_from: date.optional().describe('The day from which the rule acts in its mode, such as 2027-01-01.'),
};

const TEAM_MODE = 'a mode, or a mapping of mode, warn_from and enforce_from';

/** From when on a rule does what, for whom, and for how many. */
export const ruleLifeFields = {
  ...DATES,
  modes: z
    .record(
      name,
      z.union(
        [mode, z.strictObject({ mode: mode.describe('What happens when "when" holds.'), ...DATES })],
        TEAM_MODE,
      ),
      'a mapping of teams to modes',
    )
    .optional()
    .describe('Other modes for single teams: a mode, or a mapping with its own dates.'),
  rollout: parsed(SHARE, shareOrNull, /^\d{1,3}(\.\d{1,2})?%$/)
    .optional()
    .describe(
      'The share of fingerprints to which the rule applies, such as 25%; it only records the others.',
    ),
};

const lifeSchema = z.strictObject(ruleLifeFields);
export type LifeEntry = z.infer<typeof lifeSchema>;

/** What an exemption can be for. */
export const exemptionSelectors = [
  'team',
  'principal',
  'person',
  'dashboard',
  'card',
  'fingerprint',
  'table',
] as const;

const OF_TOOL = 'the tool and its own name for it, such as "metabase:12"';
const toolScopedName = z.string(OF_TOOL).regex(/^[^:\s]+:.+$/, OF_TOOL);
const FINGERPRINT = 'a fingerprint as records hold it: 16 hexadecimal digits';
const TABLE = 'a table as dataset.table or project.dataset.table, in which * stands for any letters';

export const exemptionSchema = z.strictObject({
  rule: name.describe('The rule that only records these queries.'),
  team: name.optional().describe('Queries of this team.'),
  principal: principal.optional().describe('Queries of this e-mail address, or of all that match a pattern.'),
  person: toolScopedName.optional().describe('Queries of this person, such as metabase:12.'),
  dashboard: toolScopedName.optional().describe('Queries of this dashboard, such as metabase:7.'),
  card: toolScopedName.optional().describe('Queries of this card, such as metabase:42.'),
  fingerprint: z
    .string(FINGERPRINT)
    .regex(/^[0-9a-f]{16}$/, FINGERPRINT)
    .optional()
    .describe('Queries with this fingerprint, as in the records; they differ only in literals.'),
  table: z
    .string(TABLE)
    .regex(/^[^\s`]+\.[^\s`]+$/, TABLE)
    .optional()
    .describe('Queries that read this table: dataset.table or project.dataset.table, * for any characters.'),
  owner: text('who answers for the exemption').describe('Who is responsible for it.'),
  reason: text('why it is needed').describe('Why it is needed.'),
  until: date.describe('The last day on which it applies, such as 2026-12-31.'),
});

export type ExemptionEntry = z.infer<typeof exemptionSchema>;
