import { reportedTariff, tariffOfJob } from '../../../vocabulary/job-tariff.ts';
import { costOf, type Pricing, type Tariff } from '../../../vocabulary/pricing.ts';
import type { LedgerSettlement } from '../ledger/ledger-entry.ts';
import type { Amount } from '../report.ts';
import type { BilledJob } from './warehouse-job.ts';

/**
 * How a job is to be paid for. If its decision was settled under the same model, its price at that time applies: a
 * price changed since is for later queries.
 * @param settlement of its decision; null if it has none
 */
export function priceOfJob(job: BilledJob, settlement: LedgerSettlement | null, pricing: Pricing): Tariff {
  const tariff = tariffOfJob(job, pricing);
  const before = settlement?.tariff ?? null;
  return before?.model === tariff.model ? before : tariff;
}

/** What a job costs; bytes that the free tier covered according to the ledger cost nothing here either. */
export function amountOfJob(job: BilledJob, settlement: LedgerSettlement | null, pricing: Pricing): Amount {
  const { bytesBilled, slotMs } = job;
  const free = settlement?.freeBytes ?? 0n;
  const charged = bytesBilled > free ? bytesBilled - free : 0n;
  const cost = costOf({ bytesBilled: charged, slotMs }, priceOfJob(job, settlement, pricing));
  return { bytesBilled, cost };
}

/**
 * Whether a settlement was priced by the byte although the warehouse says that its job is paid for by slot time, or the
 * other way round. If the settlement does not record how it was priced, nothing can be said: today's prices may not
 * have applied.
 */
export function isMispriced(settlement: LedgerSettlement, job: BilledJob, pricing: Pricing): boolean {
  const [before, reported] = [settlement.tariff, reportedTariff(job, pricing)];
  if (before === null || reported === null || before.model === reported.model) return false;
  const { cost } = amountOfJob(job, settlement, pricing);
  return cost.currency === settlement.cost.currency && cost.micros !== settlement.cost.micros;
}
