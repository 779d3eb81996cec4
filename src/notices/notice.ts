import { z } from 'zod';
import { exceededModes, subjectKinds } from '../vocabulary/budget.ts';

/** Bigints are written as decimal text, since JSON's numbers are exact only up to 2^53. */
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

/** A budget's window, as stored in the ledger. */
export const budgetWindow = z.union([
  z.enum(['hour', 'day', 'week', 'month', 'now']),
  z.templateLiteral(['rolling-', z.number(), 'h']),
]);

/** What is sent when a budget's account reaches a threshold. The ledger stores it as JSON in exactly this form. */
export const noticeContent = z.object({
  budget: z.string(),
  /** Empty for a budget with a single account. */
  account: z.string(),
  /** What the accounts are. */
  per: z.enum(subjectKinds).nullable(),
  subject,
  whenExceeded: z.enum(exceededModes),
  window: budgetWindow,
  windowKey: z.string(),
  windowStartMs: z.number(),
  windowEndMs: z.number(),
  timeZone: z.string(),
  /** `bytes`, `slot-ms`, `queries`, or a currency, counted in micros. */
  unit: z.string(),
  limit: amount,
  used: amount,
  reserved: amount,
  /** Whom to ask for more; null if the policy does not say. */
  contact: z.string().nullable().default(null),
  /** The percentage of the limit that was reached. */
  threshold: z.number(),
  atMs: z.number(),
  /** Null if it is too early to say, or makes no sense. */
  forecast: z
    .object({
      /** What will be used when the window ends, at the current pace. */
      projected: amount,
      /** When the limit will be reached; null if the window ends first. */
      usedUpAtMs: z.number().nullable(),
    })
    .nullable(),
});

export type Notice = Readonly<z.output<typeof noticeContent>>;

/** How much of the limit is used, in whole percent, rounded down; null for a limit of 0. */
export function usedPercent({ used, limit }: Pick<Notice, 'used' | 'limit'>): bigint | null {
  return limit === 0n ? null : (used * 100n) / limit;
}
