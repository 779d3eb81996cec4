import { z } from 'zod';

/** Bigints travel as decimal text: JSON's numbers end at 2^53. */
const amount = z.codec(z.string().regex(/^\d+$/), z.bigint(), { decode: BigInt, encode: String });

const subject = z.object({
  team: z.string().optional(),
  principal: z.string().optional(),
  person: z.string().optional(),
  dashboard: z.string().optional(),
  card: z.string().optional(),
  project: z.string().optional(),
  tool: z.string().optional(),
});

/** A budget's window, as the ledger keeps it. */
export const budgetWindow = z.union([
  z.enum(['hour', 'day', 'week', 'month', 'now']),
  z.templateLiteral(['rolling-', z.number(), 'h']),
]);

/** What is told when a budget's account reaches a threshold. The ledger keeps it as JSON in this very form. */
export const noticeContent = z.object({
  budget: z.string(),
  /** Empty for a budget that has but one. */
  account: z.string(),
  /** What the account is one of. */
  per: z.enum(['team', 'principal', 'person', 'dashboard', 'card', 'project']).nullable(),
  subject,
  whenExceeded: z.enum(['deny', 'warn', 'only']),
  window: budgetWindow,
  windowKey: z.string(),
  windowStartMs: z.number(),
  windowEndMs: z.number(),
  timeZone: z.string(),
  /** `bytes`, `slot-ms`, `queries`, or a currency, whose micros are counted. */
  unit: z.string(),
  limit: amount,
  used: amount,
  reserved: amount,
  /** The percentage of the limit that was reached. */
  threshold: z.number(),
  atMs: z.number(),
  /** Null where it is too early to tell, or makes no sense. */
  forecast: z
    .object({
      /** What will be used when the window ends, should it go on like this. */
      projected: amount,
      /** When the limit will be reached; null where the window ends before. */
      usedUpAtMs: z.number().nullable(),
    })
    .nullable(),
});

export type Notice = Readonly<z.output<typeof noticeContent>>;

/** How much of the limit is used, in whole percent, rounded down; null of a limit of 0. */
export function usedPercent({ used, limit }: Pick<Notice, 'used' | 'limit'>): bigint | null {
  return limit === 0n ? null : (used * 100n) / limit;
}
