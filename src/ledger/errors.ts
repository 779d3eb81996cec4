/** Why the ledger cannot be used, or could not do what was asked. */
export type LedgerErrorKind =
  | 'unsupported url'
  | 'unwritable'
  | 'not a ledger'
  | 'newer schema'
  | 'busy'
  | 'unreachable'
  | 'full'
  | 'closed'
  | 'amount out of range'
  | 'failed';

/** The message says what happened and why, and then what to do. */
export class LedgerError extends Error {
  readonly kind: LedgerErrorKind;
  /** Only what to do about it. */
  readonly cure: string;

  constructor(kind: LedgerErrorKind, what: string, cure: string, options?: ErrorOptions) {
    super(`${what} ${cure}`, options);
    this.name = 'LedgerError';
    this.kind = kind;
    this.cure = cure;
  }
}

/** An error that the ledger's code does not expect. */
export const OTHER: readonly [LedgerErrorKind, string] = [
  'failed',
  'Nothing of this step was kept; if it happens again, report it with this message.',
];

/** Whether the database itself fails, as opposed to what it was asked to do. */
export function databaseFails(error: unknown): boolean {
  return error instanceof LedgerError && DATABASE_FAILS.has(error.kind);
}

const DATABASE_FAILS: ReadonlySet<LedgerErrorKind> = new Set([
  'busy',
  'closed',
  'full',
  'not a ledger',
  'unreachable',
  'unwritable',
]);
