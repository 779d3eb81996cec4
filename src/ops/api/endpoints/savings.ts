import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { dayAfter, dayAt } from '../../../foundation/calendar/days.ts';
import { timeZone } from '../../../policy/document/schema-parts.ts';
import { savingKeys } from '../../../reports/savings/saving.ts';
import type { SavingsQuery } from '../../../reports/savings/savings.ts';
import { savingRow } from '../answers/sums.ts';
import { conversionTo, currencyKey } from './conversion.ts';
import { endpoint, Failed } from './endpoint.ts';
import { day } from './span.ts';

/** How far back savings go by default. */
const DAYS = 30;

const savingsQuery = z.strictObject({
  by: z
    .string()
    .default('team')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(savingKeys)))
    .refine((by) => new Set(by).size === by.length, 'each once')
    .describe(`one or both of ${savingKeys.join(', ')}, separated by a comma`),
  from: day.optional().describe('the first day; default: 30 days before to'),
  to: day.optional().describe('the day after the last; default: tomorrow'),
  ...currencyKey,
  time_zone: timeZone
    .optional()
    .describe("time zone in which days begin; default: the budgets' zone if they agree, else the policy's"),
});

/** What refusals saved, by whole days. */
export const savings = endpoint(
  {
    method: 'get',
    path: '/savings',
    name: 'sumSavings',
    summary: 'What was not spent because of refusals, in whole days',
    query: savingsQuery,
    answer: z.object({
      by: z.array(z.enum(savingKeys)),
      from: z.iso.date(),
      to: z.iso.date(),
      timeZone: z.string(),
      recordsFrom: z
        .string()
        .nullable()
        .describe('the first day whose records are complete, if that is after from'),
      savings: z.array(savingRow),
    }),
  },
  async ({ query }, sources) => {
    const { by, time_zone: zone = sources.reportsTimeZone() } = query;
    const days = daysOf(query, zone, Date.now());
    if (days instanceof Failed) return days;
    const conversion = conversionTo(query.currency, sources.policy());
    if (conversion instanceof Failed) return conversion;
    const { rows, ...report } = await sources.questions.savings({
      ...days,
      by,
      timeZone: zone,
      ...(conversion === undefined ? {} : { conversion }),
    });
    return { ...report, savings: rows };
  },
);

/** Up to and including today by default. */
function daysOf(
  { from, to }: Pick<z.output<typeof savingsQuery>, 'from' | 'to'>,
  zone: string,
  nowMs: number,
): Pick<SavingsQuery, 'from' | 'to'> | Failed {
  const end = to ?? dayAfter(dayAt(nowMs, zone).day);
  const first = from ?? Temporal.PlainDate.from(end).subtract({ days: DAYS }).toString();
  return first < end
    ? { from: first, to: end }
    : new Failed(400, 'from is a day before to, which is tomorrow by default');
}
