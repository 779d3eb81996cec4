import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runShowback, type ShowbackRun } from '../../../src/commands/showback/run.ts';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** December's second day, so that all of November is over. */
export const december = Date.UTC(2026, 11, 2);

/** What a month's command wrote over a ledger that was filled so. */
export async function showback(
  fill: (ledger: Ledger) => Promise<void>,
  changes: Partial<ShowbackRun> & { readonly nowMs?: number } = {},
) {
  const folder = await temporaryFolder();
  const url = `sqlite:${join(folder, 'ledger.db')}`;
  const ledger = await openLedger(url);
  await fill(ledger);
  await ledger.close();
  const out = join(folder, 'out');
  const { nowMs = december, ...run } = changes;
  await runShowback(
    { month: '2026-11', out, language: 'en', timeZone: 'UTC', ...run },
    { environment: { GUARDRAIL_LEDGER: url }, nowMs },
  );
  const file = (name: string) => readFile(join(out, `showback-2026-11${name}`), 'utf8');
  return { page: await file('.html'), file, names: (await readdir(out)).toSorted() };
}
