import type { Logger } from 'pino';
import type { OpsSources } from './sources.ts';

/** Sets what is not yet told as lineage to how it is now; nothing where lineage is off. */
export async function lineageGauges({ lineage, metrics }: OpsSources, log: Logger): Promise<void> {
  if (lineage === null) return;
  try {
    const { entries, sinceMs } = await lineage.waiting();
    metrics.lineageWaiting.set(entries);
    metrics.lineageWaitingSince.set((sinceMs ?? 0) / 1000);
  } catch (error) {
    metrics.ledgerErrors.inc({ operation: 'lineage' });
    log.error({ err: error }, 'what waits to be told as lineage could not be read for the metrics');
  }
}
