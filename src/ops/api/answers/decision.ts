import { z } from 'zod';
import { rewriteCodec } from '../../../advice/rewrite-store.ts';
import {
  easings,
  estimate,
  hit,
  reading,
  source,
  table,
} from '../../../records/decisions/decision-record.ts';
import type { Caller } from '../../../vocabulary/caller.ts';
import { outcomes, type Settlement, settlementSources } from '../../../vocabulary/decision.ts';
import type {
  RedactedDecision,
  RedactedEasing,
  RedactedHit,
  RedactedRewrite,
} from '../../redaction/redacted.ts';
import { exactly } from './exactly.ts';
import { instantMs, money, withheld } from './parts.ts';

const caller = exactly<Caller>()(
  z.object({
    tool: z.string().nullable().describe('the BI tool or client, as far as the request reveals it'),
    person: z.string().nullable().describe('as the tool names them; a pseudonym for viewers'),
    dashboard: z.string().nullable(),
    card: z.string().nullable(),
    principal: z.string().nullable().describe('the e-mail address that the warehouse confirmed'),
    team: z.string(),
  }),
);

const redactedEasing = exactly<RedactedEasing>()(
  z.discriminatedUnion('by', [
    easings.date,
    easings.rollOut,
    easings.exemption.extend({ reason: z.string().nullable() }),
  ]),
);

const redactedHit = exactly<RedactedHit>()(
  z.object({
    rule: z.string(),
    mode: hit.shape.mode,
    eased: redactedEasing.exactOptional(),
    message: z.string().nullable().describe('the message to the person; null for viewers'),
    source,
  }),
);

export const settlement = exactly<Settlement>()(
  z.object({
    decisionId: z.string(),
    atMs: instantMs,
    jobId: z.string().nullable().describe("BigQuery's job: project:location.job"),
    bytesProcessed: z.bigint(),
    bytesBilled: z.bigint(),
    freeBytes: z.bigint().describe('the part of the bytes billed that the free tier paid for'),
    cost: money,
    cacheHit: z.boolean(),
    slotMs: z.number().nullable(),
    durationMs: z.number().nullable(),
    errorReason: z.string().nullable(),
    source: z.enum(settlementSources).describe('the source of the figures'),
  }),
);

/** For viewers, SQL is null, as `withheld` says, and persons appear under pseudonyms. */
export const decision = exactly<RedactedDecision>()(
  z.object({
    id: z.string(),
    atMs: instantMs,
    projectId: z.string(),
    caller,
    sql: z.string().nullable().describe('in the form that sqlRetention names; null for viewers'),
    withheld,
    sqlRetention: z.enum(['stored', 'masked', 'hashed', 'dropped']),
    reading: reading.extend({
      writes: z.array(table).exactOptional(),
      fingerprint: z.string().describe('the same for queries that differ only in literals'),
    }),
    estimate: estimate.extend({ bytesProcessed: z.bigint(), bytesBilled: z.bigint() }).nullable(),
    estimatedCost: money.nullable(),
    writes: z.array(table).exactOptional(),
    estimateCached: z.boolean(),
    outcome: z.enum(outcomes),
    cause: z.string().nullable().describe("the rule's or budget's name, or the warehouse's reason"),
    hits: z.array(redactedHit),
    maximumBytesBilled: z.bigint().nullable(),
    overheadMs: z.number(),
    stepMs: z
      .object({ read: z.number(), estimate: z.number().nullable(), decide: z.number().nullable() })
      .exactOptional(),
    settlement: settlement.nullable().describe('null while the query runs, or if it was not forwarded'),
  }),
);

export const rewrite = exactly<RedactedRewrite>()(
  rewriteCodec.extend({
    fingerprint: z.string(),
    sql: z.string().nullable(),
    withheld,
    changes: z.array(
      z.object({
        kind: rewriteCodec.shape.changes.element.shape.kind,
        shows: z.string().nullable(),
      }),
    ),
  }),
);
