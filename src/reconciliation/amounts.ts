import { tariffOfJob } from '../vocabulary/job-tariff.ts';
import type { Money } from '../vocabulary/money.ts';
import { costOf, type Pricing } from '../vocabulary/pricing.ts';
import type { Judged } from './judge.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import type { Amount, Compared } from './report.ts';
import { type BilledJob, isBilled } from './warehouse-job.ts';

/** Both books' amounts; null for what is not compared, and in the place of one that is not told. */
export function amountsOf(
  { kind, entry, job }: Judged,
  pricing: Pricing,
): Pick<Compared, 'ledger' | 'warehouse'> | null {
  switch (kind) {
    case 'agrees':
      return { ledger: ledgerAmount(entry, pricing), warehouse: ledgerAmount(entry, pricing) };
    case 'differs':
    case 'unsettled':
      return { ledger: ledgerAmount(entry, pricing), warehouse: jobAmount(job, entry, pricing) };
    case 'missing':
    case 'twice': {
      const ledger = ledgerAmount(entry, pricing);
      return { ledger, warehouse: nothing(ledger.cost.currency) };
    }
    case 'unguarded':
      return {
        ledger: nothing(pricing.currency),
        warehouse: isBilled(job) ? jobAmount(job, null, pricing) : null,
      };
    default:
      return null;
  }
}

/** An entry that is still open has come to nothing so far. */
function ledgerAmount({ settlement, currency }: LedgerEntry, pricing: Pricing): Amount {
  return settlement ?? nothing(currency ?? pricing.currency);
}

/** At today's prices; what the ledger says the free tier has paid for costs nothing here either. */
function jobAmount(job: BilledJob, entry: LedgerEntry | null, pricing: Pricing): Amount {
  const { bytesBilled, slotMs } = job;
  const free = entry?.settlement?.freeBytes ?? 0n;
  const charged = bytesBilled > free ? bytesBilled - free : 0n;
  const cost: Money = costOf({ bytesBilled: charged, slotMs }, tariffOfJob(job, pricing));
  return { bytesBilled, cost };
}

function nothing(currency: string): Amount {
  return { bytesBilled: 0n, cost: { currency, micros: 0n } };
}
