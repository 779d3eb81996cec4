import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from '../ledger/errors.ts';
import { errorMessage } from '../text/error-message.ts';

/** Why a spool cannot be had. The message says what happened and why, then what to do about it. */
export class SpoolError extends Error {
  readonly kind: 'in use' | 'unwritable';

  constructor(kind: SpoolError['kind'], what: string, cure: string, options?: ErrorOptions) {
    super(`${what} ${cure}`, options);
    this.name = 'SpoolError';
    this.kind = kind;
  }
}

/** A spool that is one process's own. */
export interface SpoolLock {
  release(): void;
}

/**
 * Keeps all others from a spool until it is released or the process ends, however it ends. What is locked is an empty
 * file beside the spool, which stays: the spool itself is put aside while it is entered. SQLite locks it because Node
 * has no lock of the kernel's of its own. Such a lock goes with its process and knows no process id, so it holds between
 * containers too, and nothing that a killed process left is ever taken for a lock.
 * @see https://www.sqlite.org/lockingv3.html
 * @throws SpoolError where another has it, or its folder cannot be written
 */
export async function lockSpool(spool: string): Promise<SpoolLock> {
  const path = `${spool}.lock`;
  let database: DatabaseSync | null = null;
  try {
    await mkdir(dirname(path), { recursive: true });
    database = new DatabaseSync(path, { timeout: 0 });
    // A file that can only be read is not locked by SQLite against others that read it.
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
    'Name a file in a folder that the user that runs the guardrail may write to: GUARDRAIL_LEDGER_SPOOL=FILE, ' +
      'or ledger_spool in guardrail.yaml.',
    { cause },
  );
}
