import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { errorMessage } from '../../foundation/text/error-message.ts';
import { isBusy } from '../../ledger/sqlite/errors.ts';

/** Why a spool cannot be opened. The message says what happened and why, and then what to do. */
export class SpoolError extends Error {
  readonly kind: 'in use' | 'unwritable';

  constructor(kind: SpoolError['kind'], what: string, cure: string, options?: ErrorOptions) {
    super(`${what} ${cure}`, options);
    this.name = 'SpoolError';
    this.kind = kind;
  }
}

/** A spool that belongs to one process only. */
export interface SpoolLock {
  release(): void;
}

/**
 * Locks a spool until it is released or the process ends, however it ends. The lock is on an empty file beside the
 * spool, which stays, since the spool itself is renamed while it is drained. SQLite does the locking because Node has
 * no kernel locks of its own. Such a lock ends with its process and does not depend on a process ID, so it works
 * between containers, and a killed process never leaves a stale lock.
 * @see https://www.sqlite.org/lockingv3.html
 * @throws SpoolError if another process has it or its folder cannot be written
 */
export async function lockSpool(spool: string): Promise<SpoolLock> {
  const path = `${spool}.lock`;
  let database: DatabaseSync | null = null;
  try {
    await makeFolders(dirname(path));
    database = new DatabaseSync(path, { timeout: 0 });
    // SQLite does not lock a read-only file against others that only read it.
    await access(path, constants.W_OK);
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw isBusy(error) ? inUse(spool, error) : unwritable(spool, error);
  }
  const locked = database;
  return { release: () => locked.close() };
}

function inUse(spool: string, cause: unknown): SpoolError {
  return new SpoolError(
    'in use',
    `The spool ${spool} is in use by another guardrail, or is on a disk that knows no locks: of two that share one, ` +
      'entries would be lost.',
    'Let the other end, or name a file of this one alone, on a local disk: GUARDRAIL_LEDGER_SPOOL=FILE, ' +
      'or ledger_spool in guardrail.yaml.',
    { cause },
  );
}

function unwritable(spool: string, cause: unknown): SpoolError {
  return new SpoolError(
    'unwritable',
    `The spool ${spool} cannot be kept: ${errorMessage(cause)}.`,
    'Name a file in a folder that the user that runs guardrail may write to: GUARDRAIL_LEDGER_SPOOL=FILE, ' +
      'or ledger_spool in guardrail.yaml.',
    { cause },
  );
}
