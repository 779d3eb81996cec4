import { createBooks } from '../../src/books/books.ts';
import { createBudgets } from '../../src/budget/budgets.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { budget, bytesLimit, covering, noon, spend } from '../budget/builders.ts';
import { admission, assumed, settled } from './builders.ts';

/**
 * Run as a process: `admitting-process.ts URL NAME LIMIT COUNT`. Charges what earlier ones left open, as if that had
 * expired; then reserves seven bytes COUNT times, eight at once, and settles each at five. Prints each step once it
 * is acknowledged.
 */
const [url = '', name, limit, count] = process.argv.slice(2);
const ledger = await openLedger(url);
const books = createBooks({ ledger });
const asked = { coverages: covering(budget({ limit: bytesLimit(BigInt(limit ?? 0)) })), spend: spend(7n) };

function tell(step: string, decisionId: string): void {
  process.stdout.write(`${step} ${decisionId}\n`);
}

async function chargeExpired(): Promise<void> {
  const expired = await createBudgets({ ledger }).expired(noon + 60_000, 1000);
  for (const { decisionId } of expired) {
    await books.settle(assumed(decisionId, 7n));
    tell('charged', decisionId);
  }
}

async function admitAndSettle(worker: number): Promise<void> {
  for (let i = worker; i < Number(count); i += 8) {
    const decisionId = `${name}-${i}`;
    const outcome = await books.admit(admission(decisionId, asked));
    tell(outcome.reserved ? 'admitted' : 'refused', decisionId);
    if (!outcome.reserved) continue;
    await books.settle(settled(decisionId, 5n));
    tell('settled', decisionId);
  }
}

await chargeExpired();
await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(admitAndSettle));
await ledger.close();
