import { startOfDay } from '../../foundation/calendar/days.ts';
import { writeFilesAtomically } from '../../foundation/files/atomic-files.ts';
import type { Language } from '../../foundation/text/language.ts';
import { loadPolicy } from '../../policy/load.ts';
import { timeZoneOf } from '../../policy/time-zone.ts';
import { showbackPage } from '../../reports/showback/page.ts';
import { gatherMonth, gatherSheets } from '../../service/questions/gather-month.ts';
import { loadSettings } from '../../settings/load.ts';
import { exchangeOnDays } from '../../vocabulary/exchange.ts';
import { openExisting } from '../shared/existing-ledger.ts';
import { csvDialect } from '../shared/shared-options.ts';
import { sheetAsCsv } from './sheet-csv.ts';

/** The options of the command. */
export interface ShowbackRun {
  /** `2026-11`. */
  readonly month: string;
  readonly out: string;
  readonly language: Language;
  readonly timeZone?: string;
  readonly config?: string;
  readonly decimalComma?: boolean;
}

/**
 * Writes a month's report and its CSV files, each completely or not at all.
 * @returns the paths of the files
 * @throws Error that says why there is no report, and what to do
 */
export async function runShowback(
  run: ShowbackRun,
  { environment = process.env, nowMs = Date.now() } = {},
): Promise<readonly string[]> {
  const settings = await loadSettings(environment, { file: run.config });
  const policy = await loadPolicy(settings.policies);
  const timeZone = run.timeZone ?? timeZoneOf(policy);
  if (startOfDay(`${run.month}-01`, timeZone) >= nowMs) {
    throw new Error(`${run.month} has not begun yet. Name this month or an earlier one with --month.`);
  }
  const ledger = await openExisting(settings.ledger);
  try {
    const query = { month: run.month, timeZone, nowMs };
    const report = await gatherMonth(ledger.read, query);
    const sheets = await gatherSheets(ledger.read, query);
    const exchangeOn = exchangeOnDays(policy.pricing);
    return await writeFilesAtomically(run.out, [
      {
        name: `showback-${run.month}.html`,
        content: showbackPage(report, run.language, exchangeOn),
      },
      ...sheets.map((sheet) => ({
        name: `showback-${run.month}-${sheet.name}.csv`,
        content: sheetAsCsv(sheet, exchangeOn, csvDialect(run)),
      })),
    ]);
  } finally {
    await ledger.close();
  }
}
