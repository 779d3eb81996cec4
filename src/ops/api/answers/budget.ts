import { z } from 'zod';
import { budgetWindow } from '../../../notices/notice.ts';
import { source } from '../../../records/decisions/decision-record.ts';
import {
  type Budget,
  type BudgetLimit,
  subjectKinds,
  type WhenExceeded,
} from '../../../vocabulary/budget.ts';
import type { BudgetBalance } from '../../../vocabulary/spend.ts';
import { exactly } from './exactly.ts';
import { instantMs, money } from './parts.ts';

const limit = exactly<BudgetLimit>()(
  z.discriminatedUnion('measure', [
    z.object({ measure: z.literal('bytes'), bytes: z.bigint() }),
    z.object({ measure: z.literal('money'), money }),
    z.object({ measure: z.literal('slot time'), slotMs: z.bigint() }),
    z.object({ measure: z.literal('queries'), queries: z.bigint() }),
    z.object({ measure: z.literal('at once'), queries: z.bigint() }),
  ]),
);

const whenExceeded = exactly<WhenExceeded>()(
  z.union([z.enum(['deny', 'warn']), z.object({ only: z.array(z.string()) })]),
);

export const budget = exactly<Budget>()(
  z.object({
    name: z.string(),
    subject: z
      .partialRecord(z.enum([...subjectKinds, 'tool']), z.string())
      .describe('which queries it covers; all of them if empty'),
    per: z.enum(subjectKinds).nullable().describe('what its accounts are split by'),
    window: budgetWindow,
    timeZone: z.string(),
    limit,
    whenExceeded,
    warnAt: z.array(z.number()).describe('percentages of the limit'),
    queue: z.object({ length: z.number(), waitMs: z.number() }),
    contact: z.string().nullable().describe('whom to ask for more'),
    teamContacts: z
      .array(z.object({ team: z.string(), contact: z.string() }))
      .describe('whom each team asks for more, if its accounts are teams and it has no contact itself'),
    source,
  }),
);

export const balance = exactly<BudgetBalance & { readonly left: bigint }>()(
  z.object({
    budget,
    account: z.string().describe('empty if the budget has only one'),
    window: z.object({ key: z.string(), startMs: instantMs, endMs: instantMs }),
    limit: z.bigint().describe('in the unit of the limit: bytes, micros, slot milliseconds or queries'),
    granted: z.bigint().describe('the part of the limit that grants add'),
    used: z.bigint(),
    reserved: z.bigint(),
    left: z.bigint(),
  }),
);
