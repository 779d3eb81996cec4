import type { Command } from 'commander';
import type { Ledger } from '../../ledger/ledger.ts';
import { loadSettings } from '../../settings/load.ts';
import { configOption } from './shared-options.ts';

/** Where the ledger is: the address in `ledger`, or else the one in the settings of `config`. */
export interface LedgerFlags {
  readonly config?: string;
  readonly ledger?: string;
}

/**
 * Adds the options that say which ledger to work on.
 * @param otherwise which one it is if none is named
 */
export function addLedgerOptions(command: Command, otherwise = 'from the settings'): Command {
  return command.addOption(configOption()).option('--ledger <url>', `the ledger (default: ${otherwise})`);
}

/**
 * Runs some work on the ledger, and closes it afterwards.
 * @throws Error if there is no ledger; LedgerError; whatever `work` throws
 */
export async function withLedger<T>(flags: LedgerFlags, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const { openExisting } = await import('./existing-ledger.ts');
  const ledger = await openExisting(await ledgerUrl(flags));
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

async function ledgerUrl({ ledger, config }: LedgerFlags): Promise<string> {
  if (ledger !== undefined) return ledger;
  return (await loadSettings(process.env, { file: config })).ledger;
}
