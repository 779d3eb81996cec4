import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../foundation/calendar/durations.ts';
import type { CachePolicy } from '../export-contents.ts';

const UNIT_MS = { seconds: 1000, minutes: MINUTE_MS, hours: HOUR_MS, days: DAY_MS } as const;

/** @see https://www.metabase.com/docs/latest/configuring-metabase/caching#cache-invalidation-policies */
const strategy = z.discriminatedUnion('type', [
  z.object({ type: z.literal('nocache') }),
  z.object({
    type: z.literal('duration'),
    duration: z.number().positive(),
    unit: z.enum(['seconds', 'minutes', 'hours', 'days']),
    refresh_automatically: z.boolean().nullish(),
  }),
  z.object({ type: z.literal('ttl') }),
  z.object({ type: z.literal('schedule'), schedule: z.string() }),
]);

/** The answer of `GET /api/cache`. */
export const cacheAnswer = z.object({
  data: z.array(
    z.object({
      model: z.enum(['root', 'database', 'dashboard', 'question']),
      model_id: z.number(),
      strategy,
    }),
  ),
});

/** How long results are used, according to the answer. */
export function policyOf(found: z.infer<typeof strategy>): CachePolicy {
  switch (found.type) {
    case 'nocache':
      return { kind: 'none' };
    case 'duration':
      return {
        kind: 'for',
        ms: found.duration * UNIT_MS[found.unit],
        refreshesItself: found.refresh_automatically ?? false,
      };
    case 'ttl':
      return { kind: 'not counted', policy: 'adaptive' };
    case 'schedule':
      return { kind: 'not counted', policy: `schedule ${found.schedule}` };
  }
}

/** `cache_ttl` of cards and dashboards before version 50, in hours. */
export function policyOfTtl(hours: number | null | undefined): CachePolicy | null {
  return hours === null || hours === undefined
    ? null
    : { kind: 'for', ms: hours * UNIT_MS.hours, refreshesItself: false };
}
