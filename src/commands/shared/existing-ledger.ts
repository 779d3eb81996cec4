import { access } from 'node:fs/promises';
import { type Ledger, openLedger } from '../../ledger/ledger.ts';
import { sqlitePath } from '../../ledger/sqlite/address.ts';

/**
 * Opens a ledger but never creates one: a new one is empty, and would say that nothing happened.
 * @throws Error that says where there is none; LedgerError
 */
export async function openExisting(url: string): Promise<Ledger> {
  const path = sqlitePath(url);
  if (path !== null) {
    await access(path).catch((cause: unknown) => {
      throw new Error(
        `There is no ledger at ${path}. Name the one that guardrail writes: GUARDRAIL_LEDGER, ledger in ` +
          'guardrail.yaml, or --ledger of the commands that have it.',
        { cause },
      );
    });
  }
  return openLedger(url);
}
