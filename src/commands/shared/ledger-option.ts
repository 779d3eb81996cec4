import type { Command } from 'commander';
import type { Ledger } from '../../ledger/ledger.ts';
import { loadSettings } from '../../settings/load.ts';
import { openExisting } from './existing-ledger.ts';
import { configOption } from './shared-options.ts';

/** Where the ledger is: `ledger` as an address, else as the settings of `config` say. */
export interface LedgerFlags {
  readonly config?: string;
  readonly ledger?: string;
}

/** Lets a command be told which ledger it works on. */
export function addLedgerOptions(command: Command): Command {
  return command
    .addOption(configOption())
    .option('--ledger <url>', 'the ledger (default: that of the settings)');
}

/**
 * What some work on the ledger comes to; the ledger is closed after it.
 * @throws Error where there is no ledger; LedgerError; whatever `work` throws
 */
export async function withLedger<T>(flags: LedgerFlags, work: (ledger: Ledger) => Promise<T>): Promise<T> {
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
