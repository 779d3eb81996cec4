import { Kysely } from 'kysely';
import type pg from 'pg';
import { migratePostgres } from '../migrate.ts';
import type { LedgerSchema } from '../schema.ts';
import type { PostgresAddress } from './address.ts';
import { nodePostgresDialect } from './node-postgres.ts';

/** Reads have their own connections, so that they never wait for writes. */
export interface PostgresLedger {
  readonly reads: Kysely<LedgerSchema>;
  readonly writes: Kysely<LedgerSchema>;
}

/**
 * Creating an index may take longer than any later statement; and of replicas that start together, all wait for the one
 * that migrates the schema.
 */
const MIGRATION = {
  max: 1,
  statementTimeoutMs: 0,
  lockTimeoutMs: 60_000,
  idleInTransactionTimeoutMs: 60_000,
  readOnly: false,
};

/** How much longer than the server the driver waits, to notice a server that disappeared silently. */
const SILENCE_MS = 2_000;

const KEEP_ALIVE_MS = 10_000;
const IDLE_MS = 60_000;
/** Reads do not fail on a standby, even one that no longer hears of the primary: a new connection may lead to that. */
const MAX_LIFETIME_SECONDS = 300;

/**
 * A PostgreSQL database as the ledger needs it; its schema is created if necessary. Every wait in it is bounded, except
 * for the statements of a migration, which may take as long as they need.
 * @throws LedgerError if the server cannot be reached, or the schema holds something else
 */
export async function openPostgres(address: PostgresAddress): Promise<PostgresLedger> {
  await migrate(address);
  const reads = Math.max(1, Math.floor(address.pool * 0.3));
  return {
    reads: connect(address, { ...address, max: reads, readOnly: true }),
    writes: connect(address, { ...address, max: address.pool - reads, readOnly: false }),
  };
}

async function migrate(address: PostgresAddress): Promise<void> {
  const db = connect(address, MIGRATION);
  try {
    await migratePostgres(db, address.schema, address.place);
  } finally {
    await db.destroy();
  }
}

interface Session {
  /** The most connections. */
  readonly max: number;
  /** 0 for no limit. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  readonly readOnly: boolean;
}

function connect(address: PostgresAddress, session: Session): Kysely<LedgerSchema> {
  const config: pg.PoolConfig = {
    connectionString: address.connectionString,
    application_name: 'guardrail',
    max: session.max,
    connectionTimeoutMillis: address.connectTimeoutMs,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    options: serverSettings(address, session),
  };
  if (session.statementTimeoutMs > 0) config.query_timeout = session.statementTimeoutMs + SILENCE_MS;
  return new Kysely<LedgerSchema>({ dialect: nodePostgresDialect(config, address.place) });
}

/**
 * Settings that apply from a connection's first statement on. A commit is on the server's disk before it is
 * acknowledged, even if the database or the user is configured otherwise.
 * @see https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-SYNCHRONOUS-COMMIT
 */
function serverSettings(address: PostgresAddress, session: Session): string {
  const settings = {
    search_path: address.schema,
    synchronous_commit: 'on',
    statement_timeout: session.statementTimeoutMs,
    lock_timeout: session.lockTimeoutMs,
    idle_in_transaction_session_timeout: session.idleInTransactionTimeoutMs,
    default_transaction_read_only: session.readOnly ? 'on' : 'off',
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}
