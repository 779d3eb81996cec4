import { z } from 'zod';
import { deliveryOutcomes } from '../../../notices/delivery/deliveries.ts';
import type { RecordedNotice } from '../../../notices/list.ts';
import { noticeContent } from '../../../notices/notice.ts';
import type { ChainHead } from '../../../records/journal/chain.ts';
import type { RedactedReconciliation } from '../../redaction/redacted.ts';
import { exactly } from './exactly.ts';
import { instantMs, withheld } from './parts.ts';

export const chainHead = exactly<ChainHead>()(
  z.object({ seal: z.number(), hash: z.string(), atMs: instantMs }),
);

export const reconciliation = exactly<RedactedReconciliation>()(
  z.object({
    id: z.string(),
    atMs: instantMs,
    fromMs: instantMs,
    toMs: instantMs,
    balanced: z.boolean(),
    ledgerBytes: z.bigint(),
    warehouseBytes: z.bigint(),
    unguardedJobs: z.number(),
    unguardedBytes: z.bigint(),
    missingJobs: z.number(),
    missingBytes: z.bigint(),
    corrections: z.number(),
    reason: z.string().nullable().describe('null for viewers'),
    withheld,
    writtenBy: z.string().nullable(),
  }),
);

export const notice = exactly<RecordedNotice>()(
  z.object({
    id: z.string(),
    notice: noticeContent,
    deliveredAtMs: instantMs.nullable(),
    attempts: z.number(),
    deliveries: z.array(
      z.object({
        webhook: z.string(),
        outcome: z.enum(deliveryOutcomes),
        problem: z.string().nullable(),
        atMs: instantMs,
      }),
    ),
  }),
);
