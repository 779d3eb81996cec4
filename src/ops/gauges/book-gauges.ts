import type { Logger } from 'pino';
import { soon } from '../silent-ledger.ts';
import type { OpsSources } from '../sources.ts';

/** Sets the gauges for the last reconciliation and for what is waiting. */
export async function bookGauges(sources: OpsSources, log: Logger): Promise<void> {
  const { metrics, spool, turnstile } = sources;
  metrics.spooledEntries.set(spool.size);
  metrics.queriesWaiting.reset();
  for (const [account, waiting] of turnstile.waiting()) {
    // The turnstile uses the proxy's `accountId`: `[budget, account]`.
    const [budget = ''] = JSON.parse(account) as string[];
    metrics.queriesWaiting.inc({ budget }, waiting);
  }
  try {
    const last = await soon(sources.lastReconciliation());
    if (last === null) return;
    metrics.reconciledBalanced.set(last.balanced ? 1 : 0);
    metrics.reconciledAt.set(last.atMs / 1000);
    metrics.reconciledDifference.set(Number(last.warehouseBytes - last.ledgerBytes));
    metrics.reconciledUnguarded.set(Number(last.unguardedBytes));
    metrics.reconciledMissing.set(Number(last.missingBytes));
  } catch (error) {
    metrics.ledgerErrors.inc({ operation: 'reconciliation' });
    log.error({ err: error }, 'the last reconciliation could not be read for the metrics');
  }
}
