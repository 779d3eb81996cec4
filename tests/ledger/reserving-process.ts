import { createBudgets } from '../../src/budget/budgets.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { budget, bytesLimit, noon, request, spend } from '../budget/builders.ts';

/**
 * Run as a process: `reserving-process.ts URL NAME LIMIT COUNT`. Reserves seven bytes COUNT times, four at once, and
 * settles each at five; prints each step once it is acknowledged.
 */
const [url = '', name, limit, count] = process.argv.slice(2);
const ledger = await openLedger(url);
const budgets = createBudgets({ ledger });
const limited = budget({ limit: bytesLimit(BigInt(limit ?? 0)) });

async function reserveAndSettle(worker: number): Promise<void> {
  for (let i = worker; i < Number(count); i += 4) {
    const decisionId = `${name}-${i}`;
    const outcome = await budgets.reserve(request({ decisionId, budgets: [limited], spend: spend(7n) }));
    process.stdout.write(`${outcome.reserved ? 'reserved' : 'refused'} ${decisionId}\n`);
    if (!outcome.reserved) continue;
    await budgets.settle({ decisionId, atMs: noon, spend: spend(5n) });
    process.stdout.write(`settled ${decisionId}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(reserveAndSettle));
await ledger.close();
