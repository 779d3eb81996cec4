import { LedgerError, type LedgerErrorKind, OTHER } from '../errors.ts';

/**
 * SQLite's primary result codes that concern the database, its file or its machine, mapped to our own kinds with their
 * cures. All others concern what it was asked to do.
 * @see https://www.sqlite.org/rescode.html
 */
const KINDS: ReadonlyMap<number, readonly [LedgerErrorKind, string]> = new Map([
  [
    3,
    [
      'unwritable',
      'Let the user that runs guardrail make, lock and write files in the folder of the ledger.',
    ],
  ],
  [5, ['busy', 'Another process holds the file: let it end, or give each guardrail a ledger of its own.']],
  [7, ['busy', 'Give the machine, or the container, more memory; queries go on once there is some.']],
  [8, ['unwritable', 'Make the file and its folder writable for the user that runs guardrail.']],
  [10, ['unwritable', 'The disk does not answer as it should: check it, and the space left on it.']],
  [11, ['not a ledger', 'The file is damaged: put it back from a backup, or set another ledger.']],
  [13, ['full', 'Free space on the disk that holds the ledger; what was acknowledged is kept.']],
  [
    14,
    [
      'unwritable',
      'Name a file in a folder that the user that runs guardrail may write to, and run commands as that user, or as root.',
    ],
  ],
  [
    15,
    [
      'busy',
      'Many processes begin to read at the same moment: the next try may pass; run fewer on one file.',
    ],
  ],
  [22, ['full', 'Move the ledger to a file system that allows larger files; what was acknowledged is kept.']],
  [26, ['not a ledger', 'Name a SQLite file that guardrail made, or a path where there is no file yet.']],
]);

/** An error of SQLite as a `LedgerError`; any other error unchanged. */
export function fromSqlite(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === null || !(error instanceof Error)) return error;
  const [kind, cure] = KINDS.get(code) ?? OTHER;
  return new LedgerError(kind, `The ledger ${path} failed: ${error.message}.`, cure, { cause: error });
}

/** SQLITE_BUSY, and SQLITE_PROTOCOL, which ends a lost race for the lock of the write-ahead log. */
const FOR_OTHERS: ReadonlySet<number | null> = new Set([5, 15]);

/** Whether SQLite failed because another process holds the file. */
export function isBusy(error: unknown): boolean {
  return FOR_OTHERS.has(resultCode(error));
}

/** SQLite's primary result code; null for an error that is not SQLite's. */
function resultCode(error: unknown): number | null {
  const known = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return known ? Number(error.errcode) & 0xff : null;
}
