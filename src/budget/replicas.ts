import type { Ledger } from '../ledger/ledger.ts';

/** This process, among those that share the ledger. */
export interface Replica {
  readonly id: string;
  /** Says that it lives, for `LEASE_MS` from now. */
  beat(nowMs: number): Promise<void>;
  /** Whether it is the one that has lived longest: what one process should do alone, that one does. */
  isEldest(nowMs: number): Promise<boolean>;
  /** Those that live, oldest first. */
  living(nowMs: number): Promise<readonly LivingReplica[]>;
  /** Says that it lives no more: what it leaves open is anybody's from now on. */
  leave(): Promise<void>;
}

/** A process that shares the ledger. */
export interface LivingReplica {
  readonly id: string;
  readonly startedAtMs: number;
}

/** How long after its last word a process is taken to be gone. */
export const LEASE_MS = 30_000;

/** How long rows of processes that are gone are kept, to be looked at. */
const KEPT_MS = 7 * 86_400_000;

/** This process, which lives from its first beat on. */
export function createReplica(ledger: Ledger, id: string, startedAtMs: number): Replica {
  return {
    id,
    beat: (nowMs) =>
      ledger.write(async (db) => {
        const alive_until_ms = BigInt(nowMs + LEASE_MS);
        await db
          .insertInto('replicas')
          .values({ id, started_at_ms: BigInt(startedAtMs), alive_until_ms })
          .onConflict((on) => on.column('id').doUpdateSet({ alive_until_ms }))
          .execute();
        await db
          .deleteFrom('replicas')
          .where('alive_until_ms', '<', BigInt(nowMs - KEPT_MS))
          .execute();
      }),
    async isEldest(nowMs) {
      const eldest = await ledger.read
        .selectFrom('replicas')
        .select('id')
        .where('alive_until_ms', '>', BigInt(nowMs))
        .orderBy('started_at_ms')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return eldest?.id === id;
    },
    async living(nowMs) {
      const rows = await ledger.read
        .selectFrom('replicas')
        .select(['id', 'started_at_ms'])
        .where('alive_until_ms', '>', BigInt(nowMs))
        .orderBy('started_at_ms')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({ id: row.id, startedAtMs: Number(row.started_at_ms) }));
    },
    leave: () =>
      ledger.write(async (db) => {
        await db.deleteFrom('replicas').where('id', '=', id).execute();
      }),
  };
}
