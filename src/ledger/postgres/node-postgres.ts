import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { LedgerError } from '../errors.ts';
import { fromPostgres, isAnswer } from './errors.ts';

const { INT2, INT4, INT8 } = pg.types.builtins;
const INTEGERS: ReadonlySet<number> = new Set([INT2, INT4, INT8]);

/**
 * Kysely's dialect for PostgreSQL on the driver `pg`. Integers come back as bigint, as from SQLite, and errors as
 * `LedgerError`. A lost connection fails whatever runs on it, and a new one is made when it is needed.
 * @param place the database's name in errors
 */
export function nodePostgresDialect(config: pg.PoolConfig, place: string): PostgresDialect {
  const pool = new pg.Pool({ ...config, types: { getTypeParser } });
  // An idle connection that is lost has already left the pool; without a listener, it would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool: adapt(pool, place) });
}

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (type, format) =>
  INTEGERS.has(type) && format !== 'binary' ? BigInt : pg.types.getTypeParser(type, format);

function adapt(pool: pg.Pool, place: string): PostgresPool {
  return {
    options: {},
    end: () => pool.end(),
    async connect() {
      try {
        return adaptClient(await pool.connect(), place);
      } catch (error) {
        throw fromPostgres(error, place);
      }
    },
  };
}

/** Once the connection is lost, nothing more is sent on it: the last statement sent might still run. */
function adaptClient(client: pg.PoolClient, place: string): PostgresPoolClient {
  let lost: LedgerError | null = null;
  const lose = (error: unknown) => {
    lost ??= fromPostgres(error, place);
  };
  client.on('error', lose);
  const query = async (sql: string, parameters: readonly unknown[]) => {
    if (lost !== null) throw lost;
    try {
      return await client.query(sql, [...parameters]);
    } catch (error) {
      if (!isAnswer(error)) lose(error);
      throw lost ?? fromPostgres(error, place);
    }
  };
  return {
    // Kysely's type has an overload for cursors, which only streams use: the ledger has none.
    query: query as unknown as PostgresPoolClient['query'],
    release(destroy) {
      client.release(destroy === true || lost !== null);
      client.off('error', lose);
    },
  };
}
