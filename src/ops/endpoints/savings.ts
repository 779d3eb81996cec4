import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { dayAfter, dayAt } from '../../calendar/days.ts';
import { timeZone } from '../../policy/document/schema-parts.ts';
import { savingKeys } from '../../savings/saving.ts';
import type { SavingsQuery } from '../../savings/savings.ts';
import { savingRow } from '../answers/sums.ts';
import { conversionTo, currencyKey } from './conversion.ts';
import { endpoint, Failed } from './endpoint.ts';

/** How far back savings go by default. */
const DAYS = 30;

const savingsQuery = z
  .strictObject({
    by: z
      .string()
      .default('team')
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(savingKeys)))
      .refine((by) => new Set(by).size === by.length, 'each once')
      .describe(`one or both of ${savingKeys.join(', ')}, separated by a comma`),
    from: z.iso.date().optional().describe('the first day; default: 30 days before to'),
    to: z.iso.date().optional().describe('the day after the last; default: tomorrow'),
    ...currencyKey,
    time_zone: timeZone.optional().describe("time zone in which days begin; default: the budgets' zone"),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, 'from is a day before to');

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
    const { time_zone: zone, currency, ...days } = query;
    const conversion = conversionTo(currency, sources.policy());
    if (conversion instanceof Failed) return conversion;
    const reportQuery = withDays({ ...days, timeZone: zone ?? sources.budgetsTimeZone() }, Date.now());
    const { rows, ...report } = await sources.questions.savings({
      ...reportQuery,
      ...(conversion === undefined ? {} : { conversion }),
    });
    return { ...report, savings: rows };
  },
);

/** Up to and including today by default. */
function withDays(
  {
    by,
    timeZone: zone,
    from,
    to,
  }: Pick<SavingsQuery, 'by' | 'timeZone'> & {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
  nowMs: number,
): SavingsQuery {
  const end = to ?? dayAfter(dayAt(nowMs, zone).day);
  const first = from ?? Temporal.PlainDate.from(end).subtract({ days: DAYS }).toString();
  return { by, timeZone: zone, from: first, to: end };
}
