import { DAY_MS } from '../../foundation/calendar/durations.ts';
import { gatherCatalog } from '../../ops/gather-catalog.ts';
import { loadPolicy } from '../../policy/load.ts';
import { createRecords } from '../../records/records.ts';
import type { CatalogReport } from '../../reports/catalog/report.ts';
import { loadSettings } from '../../settings/load.ts';
import { type LedgerFlags, withLedger } from '../shared/ledger-option.ts';
import { inOrder } from '../shared/option-values.ts';
import { warehouseColumns } from './columns.ts';

export interface CatalogRun extends LedgerFlags {
  readonly from?: number;
  readonly to?: number;
  readonly policies?: string;
  /** Also ask the warehouse for the tables' columns. */
  readonly columns?: boolean;
  readonly endpoint?: string;
  readonly token?: string;
}

/** @throws PolicyRejected; LedgerError; Error if there is no ledger, or the span ends before it begins */
export async function reportCatalog(run: CatalogRun): Promise<CatalogReport> {
  const settings = await loadSettings(process.env, { file: run.config });
  const policy = await loadPolicy(run.policies ?? settings.policies);
  const nowMs = Date.now();
  const toMs = run.to ?? nowMs;
  const span = inOrder({ fromMs: run.from ?? toMs - 30 * DAY_MS, toMs });
  const warehouse = { endpoint: run.endpoint ?? settings.upstream, token: run.token };
  return withLedger(run, (ledger) =>
    gatherCatalog(createRecords({ ledger }), policy, {
      ...span,
      nowMs,
      ...(run.columns ? { columnsOf: (tables) => warehouseColumns(tables, warehouse) } : {}),
    }),
  );
}
