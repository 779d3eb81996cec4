import type { Logger } from 'pino';
import { soon } from '../silent-ledger.ts';
import type { OpsSources } from '../sources.ts';

/** Sets the gauges for lineage that has not been sent yet; does nothing if lineage is off. */
export async function lineageGauges({ lineage, metrics }: OpsSources, log: Logger): Promise<void> {
  if (lineage === null) return;
  try {
    const { entries, sinceMs } = await soon(lineage.backlog());
    metrics.lineageWaiting.set(entries);
    metrics.lineageWaitingSince.set((sinceMs ?? 0) / 1000);
  } catch (error) {
    metrics.ledgerErrors.inc({ operation: 'lineage' });
    log.error({ err: error }, 'what waits to be sent as lineage could not be read for the metrics');
  }
}
