import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { DAY_MS } from '../foundation/calendar/durations.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** This process, among those that share the ledger. */
export interface Replica {
  readonly id: string;
  /** Declares it alive, for `LEASE_MS` from now. */
  beat(nowMs: number): Promise<void>;
  /** Whether it is the oldest process alive, which does whatever only one process should do. */
  isEldest(nowMs: number): Promise<boolean>;
  /** The processes that are alive, oldest first. */
  living(nowMs: number): Promise<readonly LivingReplica[]>;
  /** Declares it dead: whatever it leaves open is anybody's from now on. */
  leave(): Promise<void>;
}

/** A process that shares the ledger. */
export interface LivingReplica {
  readonly id: string;
  readonly startedAtMs: number;
}

/** How long after its last beat a process is taken for dead. */
export const LEASE_MS = 30_000;

/**
 * A lease that ends later than this from now was set under a clock that has been set back since: its process would
 * have renewed it. The clocks of living processes differ by less.
 */
const MAX_LEASE_MS = 10 * LEASE_MS;

/** How long rows of dead processes are kept for inspection. */
const KEPT_MS = 7 * DAY_MS;

/** Matches processes that are alive; never one that has no row. */
export function isAlive(nowMs: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`replicas.alive_until_ms between ${BigInt(nowMs + 1)} and ${BigInt(nowMs + MAX_LEASE_MS)}`;
}

/** This process, which is alive from its first beat on. */
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
        .where(isAlive(nowMs))
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
        .where(isAlive(nowMs))
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
