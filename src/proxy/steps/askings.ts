import { bytesToAsk, capToSend } from '../../budget/bytes-to-ask.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import { costOf } from '../../vocabulary/pricing.ts';
import type { Spend } from '../../vocabulary/spend.ts';
import type { Judged } from '../passage.ts';

/** What is requested from the budgets for a query, and the `maximumBytesBilled` to send if they have room. */
export interface Asking {
  readonly spend: Spend;
  readonly cap: Bytes;
}

/** What a query requests from the budgets, most first. */
export function askingsOf(judged: Judged): readonly Asking[] {
  const { estimate, estimateSource, policy, slotMs, tariff, verdict, job } = judged;
  const caps = [verdict.maximumBytesBilled, job.clientCap].filter((cap) => cap !== null);
  const amounts = bytesToAsk({
    estimate,
    isFresh: estimateSource === 'dry run',
    isCap: estimateSource === 'cap',
    inexactReserve: policy.inexactReserve,
    caps,
  });
  return amounts.map((bytesBilled) => ({
    spend: { bytesBilled, slotMs, queries: 1n, cost: costOf({ bytesBilled, slotMs }, tariff) },
    cap: capToSend(bytesBilled, caps),
  }));
}
