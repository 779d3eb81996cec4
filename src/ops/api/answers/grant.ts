import { z } from 'zod';
import type { GrantAnswer } from '../../../books/grants/grant-requests.ts';
import type { RedactedGrant, RedactedRequest } from '../../redaction/redacted.ts';
import { exactly } from './exactly.ts';
import { instantMs, withheld } from './parts.ts';

const account = z.string().describe("empty: the budget's one account, or each of them");
const unit = z.string().describe('bytes, slot-ms, queries, at once, or a currency, counted in micros');

export const grant = exactly<RedactedGrant>()(
  z.object({
    id: z.string(),
    budget: z.string(),
    account,
    unit,
    amount: z.bigint(),
    reason: z.string().nullable().describe('null for viewers'),
    withheld,
    grantedBy: z.string(),
    grantedTo: z.string(),
    createdAtMs: instantMs,
    expiresAtMs: instantMs,
    revoked: z.object({ by: z.string(), atMs: instantMs }).nullable(),
  }),
);

const answer = exactly<GrantAnswer>()(
  z.object({
    by: z.string(),
    atMs: instantMs,
    grantId: z.string().nullable().describe('null if it was declined'),
  }),
);

export const grantRequest = exactly<RedactedRequest>()(
  z.object({
    id: z.string(),
    budget: z.string(),
    account,
    unit,
    amount: z.bigint(),
    reason: z.string().nullable().describe('null for viewers'),
    askedBy: z.string().nullable(),
    askedFor: z.string(),
    atMs: instantMs,
    expiresAtMs: instantMs,
    answer: answer.nullable().describe('null while nobody has answered'),
  }),
);
