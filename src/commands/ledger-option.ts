import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { loadSettings } from '../settings/load.ts';

export interface LedgerFlags {
  readonly config?: string;
  readonly ledger?: string;
}

const SQLITE = 'sqlite:';

/** Lets a command be told which ledger it works on. */
export function addLedgerOptions(command: Command): Command {
  return command
    .option('--config <file>', 'settings file (default: guardrail.yaml, where there is one)')
    .option('--ledger <url>', 'the ledger (default: that of the settings)');
}

/**
 * What some work on the ledger comes to; the ledger is closed after it.
 * @throws Error where there is no ledger; LedgerError; whatever `work` throws
 */
export async function withLedger<T>(flags: LedgerFlags, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const url = await ledgerUrl(flags);
  await refuseMissing(url);
  const ledger = await openLedger(url);
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

async function ledgerUrl({ ledger, config }: LedgerFlags): Promise<string> {
  if (ledger !== undefined) return ledger;
  return (await loadSettings(process.env, config === undefined ? {} : { file: config })).ledger;
}

/** Opening a file that is not there would make an empty one, which nothing is wrong with. */
async function refuseMissing(url: string): Promise<void> {
  if (!url.startsWith(SQLITE)) return;
  const path = url.slice(SQLITE.length);
  await access(path).catch((cause: unknown) => {
    throw new Error(`There is no ledger at ${path}. Name the one that is meant with --ledger or --config.`, {
      cause,
    });
  });
}
