import pg from 'pg';
import { errorMessage } from '../../foundation/text/error-message.ts';
import { LedgerError, type LedgerErrorKind, OTHER } from '../errors.ts';

type KindAndCure = readonly [LedgerErrorKind, string];

const UNREACHABLE: KindAndCure = [
  'unreachable',
  'Bring PostgreSQL back, or check the host and port in the address; the ledger goes on by itself once it answers.',
];
const REFUSED: KindAndCure = [
  'unreachable',
  "Check the user, password and database in the address, and the server's pg_hba.conf.",
];
const BUSY: KindAndCure = [
  'busy',
  'Try again; if it lasts, look in pg_stat_activity for what holds the locks or loads the server.',
];
const DAMAGED: KindAndCure = [
  'not a ledger',
  "The server's data is damaged: look in its log, and put the database back from a backup.",
];

/** What a standby answers to writes: a new connection may lead to the primary, as the address does after a failover. */
const STANDBY = '25006';

/**
 * SQLSTATE codes, or their first two characters, mapped to our own kinds with their cures.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const KINDS: ReadonlyMap<string, KindAndCure> = new Map([
  ['08', UNREACHABLE],
  ['57', UNREACHABLE],
  ['28', REFUSED],
  ['3D000', REFUSED],
  ['40001', BUSY],
  ['40P01', BUSY],
  ['55P03', BUSY],
  ['57014', BUSY],
  ['25P03', BUSY],
  ['25P04', BUSY],
  ['53300', ['busy', "Lower ?pool= in the address of each replica, or raise the server's max_connections."]],
  [
    '53',
    ['busy', 'Give the server more of what it says it lacks, such as memory; queries go on once it has it.'],
  ],
  ['53100', ['full', "Free space on the server's disk; what was acknowledged is kept."]],
  ['58', ['unwritable', "The server's disk or system does not answer as it should: look in its log."]],
  ['XX001', DAMAGED],
  ['XX002', DAMAGED],
  ['22021', ['failed', 'PostgreSQL keeps no text with the character NUL: leave it out.']],
  [STANDBY, ['unwritable', 'Name the primary in the address: a standby takes no writes.']],
  [
    '42501',
    ['unwritable', "Let the address's user create in the ledger's schema, and in the database to make it."],
  ],
]);

/** SQLSTATE of a transaction that the server rolled back so that others could go on. */
const ROLLED_BACK: ReadonlySet<string> = new Set(['40001', '40P01']);

/**
 * The classes of errors with which a server ends a connection. Their severity would say so too, but in the server's
 * language.
 */
const ENDING = /^(08|28|57P|25P03|25P04)/;

/** pg-pool's message when all connections were in use for the whole wait. */
const NONE_FREE = 'timeout exceeded when trying to connect';

/**
 * An error of PostgreSQL, of its driver or of the connection as a `LedgerError`.
 * @param place the database's name in errors: its address without user and password
 */
export function fromPostgres(error: unknown, place: string): LedgerError {
  const message = messageOf(error);
  const [kind, cure] = kindOf(error, message);
  return new LedgerError(kind, `The ledger ${place} failed: ${message}.`, cure, { cause: error });
}

/** Whether the server rolled the transaction back so that others could go on: it may be restarted. */
export function isRolledBack(error: unknown): boolean {
  return error instanceof LedgerError && ROLLED_BACK.has(sqlState(error.cause) ?? '');
}

/** Whether the server itself answered with this error, and another statement on the same connection makes sense. */
export function isAnswer(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && state !== STANDBY && !ENDING.test(state);
}

function kindOf(error: unknown, message: string): KindAndCure {
  const state = sqlState(error);
  if (state !== null) return KINDS.get(state) ?? KINDS.get(state.slice(0, 2)) ?? OTHER;
  return message === NONE_FREE ? BUSY : UNREACHABLE;
}

function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** A host with several IP addresses fails once for each, under an empty message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return errorMessage(error);
}
