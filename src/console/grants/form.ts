import { z } from 'zod';
import { HOUR_MS } from '../../foundation/calendar/durations.ts';

/** What a form did. */
export const notes = ['asked', 'given', 'granted', 'declined', 'revoked', 'gone'] as const;
export type Note = (typeof notes)[number];

/** The fields of the form, as they were typed. */
export const grantFormFields = z.object({
  budget: z.string().default(''),
  amount: z.string().default(''),
  to: z.string().default(''),
  reason: z.string().default(''),
  hours: z.string().default(''),
  account: z.string().default(''),
});
export type GrantFormFields = z.output<typeof grantFormFields>;

const text = z.string().trim().max(200).catch('');

/** The fields that a link fills in, such as that of a refused query. */
export const prefilledFields = z.object({ budget: text, account: text });
export type PrefilledFields = z.output<typeof prefilledFields>;

/** The form asks for a number of hours, which nobody gets wrong; the API for an instant. */
export function grantBodyFrom({ hours, account, ...rest }: GrantFormFields, nowMs: number) {
  const wholeHours = /^\d{1,5}$/.test(hours.trim()) ? Number(hours) : 0;
  return {
    ...rest,
    until: new Date(nowMs + wholeHours * HOUR_MS).toISOString(),
    ...(account.trim() === '' ? {} : { account: account.trim() }),
  };
}
