import type { Pricing } from '../../vocabulary/pricing.ts';
import { amountOfJob } from './jobs/job-price.ts';
import { isBilled } from './jobs/warehouse-job.ts';
import type { Judged } from './judge.ts';
import type { LedgerEntry } from './ledger/ledger-entry.ts';
import type { Amount, Compared } from './report.ts';

/** Both books' amounts; null for what is not compared, and for what is not known. */
export function amountsOf(
  { kind, entry, job }: Judged,
  pricing: Pricing,
): Pick<Compared, 'ledger' | 'warehouse'> | null {
  switch (kind) {
    case 'agrees':
      return { ledger: ledgerAmount(entry, pricing), warehouse: ledgerAmount(entry, pricing) };
    case 'differs':
    case 'mispriced':
    case 'unsettled':
      return { ledger: ledgerAmount(entry, pricing), warehouse: amountOfJob(job, entry.settlement, pricing) };
    case 'missing':
    case 'twice': {
      const ledger = ledgerAmount(entry, pricing);
      return { ledger, warehouse: nothing(ledger.cost.currency) };
    }
    case 'unguarded':
      return {
        ledger: nothing(pricing.currency),
        warehouse: isBilled(job) ? amountOfJob(job, null, pricing) : null,
      };
    default:
      return null;
  }
}

/** An open entry has come to nothing so far. */
function ledgerAmount({ settlement, currency }: LedgerEntry, pricing: Pricing): Amount {
  return settlement ?? nothing(currency ?? pricing.currency);
}

function nothing(currency: string): Amount {
  return { bytesBilled: 0n, cost: { currency, micros: 0n } };
}
