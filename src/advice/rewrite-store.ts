import { z } from 'zod';
import type { Ledger } from '../ledger/ledger.ts';
import { type Rewrite, rewriteKinds } from '../vocabulary/advice.ts';

/** A rewrite, and the fingerprint by which a query that uses it is recognised. */
export interface StoredRewrite extends Rewrite {
  readonly fingerprint: string;
}

/** Rewrites, kept with the decisions for which they were offered. */
export interface RewriteStore {
  /** Only the first call for a decision counts. @throws LedgerError */
  save(decisionId: string, rewrites: readonly StoredRewrite[]): Promise<void>;
  /** Best first; empty if none were found. */
  ofDecision(decisionId: string): Promise<readonly StoredRewrite[]>;
}

/** Bigints are written as decimal text, since JSON's numbers are exact only up to 2^53. */
const amount = z.codec(z.string().regex(/^\d+$/), z.bigint(), { decode: BigInt, encode: String });

/** A rewrite in the ledger's form. */
export const rewriteCodec = z.object({
  changes: z.array(z.object({ kind: z.enum(rewriteKinds), shows: z.string() })),
  sql: z.string(),
  result: z.enum(['same', 'changed']),
  bytesBilled: amount,
  savedOver: z.enum(['run', 'day']),
  savedBytes: amount,
  savedCost: z.object({ currency: z.string(), micros: amount }),
  passes: z.boolean(),
});

/** Rewrites kept in the ledger. */
export function createRewriteStore({
  ledger,
}: {
  readonly ledger: Pick<Ledger, 'read' | 'write'>;
}): RewriteStore {
  return {
    async save(decisionId, rewrites) {
      if (rewrites.length === 0) return;
      const rows = rewrites.map(({ fingerprint, changes, ...rewrite }, index) => ({
        decision_id: decisionId,
        position: BigInt(index),
        fingerprint,
        content: JSON.stringify(rewriteCodec.encode({ ...rewrite, changes: [...changes] })),
      }));
      await ledger.write((db) =>
        db
          .insertInto('rewrites')
          .values(rows)
          .onConflict((on) => on.doNothing())
          .execute(),
      );
    },
    async ofDecision(decisionId) {
      const rows = await ledger.read
        .selectFrom('rewrites')
        .selectAll()
        .where('decision_id', '=', decisionId)
        .orderBy('position')
        .execute();
      return rows.flatMap(({ fingerprint, content }) => {
        // One of a kind that only a later version makes could not be explained.
        const rewrite = rewriteCodec.safeDecode(JSON.parse(content));
        return rewrite.success ? [{ ...rewrite.data, fingerprint }] : [];
      });
    },
  };
}
