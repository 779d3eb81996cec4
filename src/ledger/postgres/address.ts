import { z } from 'zod';
import { LedgerError } from '../errors.ts';

/** Where the ledger is in PostgreSQL, and how long anything may take there. */
export interface PostgresAddress {
  /** For the driver: host, user, password, database and TLS. */
  readonly connectionString: string;
  /** The address without user and password, for errors. */
  readonly place: string;
  /** Holds the ledger's tables, and nothing else. */
  readonly schema: string;
  /** The most connections. */
  readonly pool: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
}

const milliseconds = z.coerce.number().int().min(1).max(3_600_000);

/** The ledger's own options. Times are written as in PostgreSQL and libpq. */
const ownOptions = z.object({
  schema: z
    .string()
    .regex(/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/, 'must be of a-z, 0-9 and _, and not begin with pg_')
    .default('guardrail'),
  pool: z.coerce.number().int().min(2).max(1000).default(10),
  connect_timeout: z.coerce.number().int().min(1).max(3600).default(5),
  statement_timeout: milliseconds.default(10_000),
  lock_timeout: milliseconds.default(3_000),
  idle_in_transaction_session_timeout: milliseconds.default(5_000),
});

/** Options that the driver itself reads. */
const DRIVER_OPTIONS: readonly string[] = ['host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

const CURE = 'Set it to postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters as %XX.';

/**
 * Parses `postgres://USER:PASSWORD@HOST:PORT/DATABASE?OPTIONS`. Its errors never show the password, even if the
 * password is what makes the address invalid.
 * @throws LedgerError of kind `unsupported url`
 */
export function postgresAddress(url: string): PostgresAddress {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hash !== '' || parsed.pathname.length < 2) {
    throw new LedgerError('unsupported url', "The ledger's PostgreSQL address cannot be read.", CURE);
  }
  refuseUnknown([...parsed.searchParams.keys()]);
  const options = ownOptions.safeParse(Object.fromEntries(parsed.searchParams));
  if (!options.success) {
    const [issue] = options.error.issues;
    const option = String(issue?.path[0]);
    throw new LedgerError(
      'unsupported url',
      `The option ${option} of the ledger's PostgreSQL address is wrong: ${issue?.message}.`,
      `Mend it, or leave ${option} out.`,
    );
  }
  for (const name of Object.keys(ownOptions.shape)) parsed.searchParams.delete(name);
  return {
    connectionString: parsed.href,
    place: `postgres://${parsed.searchParams.get('host') ?? parsed.host}${parsed.pathname}`,
    schema: options.data.schema,
    pool: options.data.pool,
    connectTimeoutMs: options.data.connect_timeout * 1000,
    statementTimeoutMs: options.data.statement_timeout,
    lockTimeoutMs: options.data.lock_timeout,
    idleInTransactionTimeoutMs: options.data.idle_in_transaction_session_timeout,
  };
}

function refuseUnknown(names: readonly string[]): void {
  const known = [...Object.keys(ownOptions.shape), ...DRIVER_OPTIONS];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  // Anything that does not look like a name may be part of a password.
  const named = /^[a-z_]{1,40}$/.test(unknown) ? ` ${unknown}` : '';
  throw new LedgerError(
    'unsupported url',
    `The ledger's PostgreSQL address has an unknown option${named}.`,
    `Known are ${known.join(', ')}.`,
  );
}
