import { z } from 'zod';
import type { Money } from '../../../vocabulary/money.ts';
import { WITHHELD } from '../../redaction/redacted.ts';
import { exactly } from './exactly.ts';

/** Milliseconds since the epoch. */
export const instantMs = z.number().describe('milliseconds since 1970-01-01T00:00:00Z');

/** Micros are decimal text in JSON, since they may exceed what a float holds exactly. */
export const money = exactly<Money>()(
  z.object({
    currency: z.string().describe('an ISO 4217 code'),
    micros: z.bigint().describe("millionths of the currency's unit"),
  }),
);

/** Present only if something was withheld. */
export const withheld = z
  .literal(WITHHELD)
  .exactOptional()
  .describe('present if something is null that other roles can see');
