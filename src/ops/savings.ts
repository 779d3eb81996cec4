import { Router } from 'express';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { timeZone } from '../policy/schema-parts.ts';
import { dayAt } from '../records/calendar-days.ts';
import { savingKeys } from '../savings/saving.ts';
import type { SavingsQuery } from '../savings/savings.ts';
import { readQuery, sendJson } from './json.ts';
import type { OpsSources } from './sources.ts';

/** How far back savings are told where nobody says. */
const DAYS = 30;

const savingsQuery = z
  .strictObject({
    by: z
      .string()
      .default('team')
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(savingKeys)))
      .refine((by) => new Set(by).size === by.length, 'each once'),
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
    time_zone: timeZone.optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, 'from is a day before to');

/** `/api/v1/savings`: what was not spent because of refusals, by whole days. */
export function savingsRouter({
  savings,
  budgetsTimeZone,
}: Pick<OpsSources, 'savings' | 'budgetsTimeZone'>): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const query = readQuery(savingsQuery, request, response);
    if (query === null) return;
    const asked = withDays({ ...query, timeZone: query.time_zone ?? budgetsTimeZone() }, Date.now());
    const { rows, ...report } = await savings.report(asked);
    sendJson(response, { ...report, savings: rows });
  });
  return router;
}

/** Up to today, and today with it, where nothing else is said. */
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
  const end = to ?? Temporal.PlainDate.from(dayAt(nowMs, zone).day).add({ days: 1 }).toString();
  const first = from ?? Temporal.PlainDate.from(end).subtract({ days: DAYS }).toString();
  return { by, timeZone: zone, from: first, to: end };
}
