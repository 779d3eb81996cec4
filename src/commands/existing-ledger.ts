import { access } from 'node:fs/promises';
import { type Ledger, openLedger } from '../ledger/ledger.ts';

const SQLITE = 'sqlite:';

/**
 * Opens a ledger, and makes none: one that is only just made holds nothing, and would tell that nothing happened.
 * @throws Error that says where none is; LedgerError
 */
export async function openExisting(url: string): Promise<Ledger> {
  if (url.startsWith(SQLITE)) {
    const path = url.slice(SQLITE.length);
    await access(path).catch((cause: unknown) => {
      throw new Error(
        `There is no ledger at ${path}. Name the one that the guardrail writes: GUARDRAIL_LEDGER, ledger in ` +
          'guardrail.yaml, or --ledger of the commands that have it.',
        { cause },
      );
    });
  }
  return openLedger(url);
}
