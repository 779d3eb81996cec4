import { randomUUID } from 'node:crypto';
import { createBooks } from '../../../src/books/books.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { budget, bytesLimit, request, spend } from '../../budget/builders.ts';
import { decision } from '../../records/builders.ts';

/*
 * Run as a process: `admitting-process.ts URL BUDGETS CALLERS SECONDS`. Admits queries, each to one of BUDGETS budgets at random,
 * CALLERS at a time, and tells as JSON how many, how long each took in milliseconds, and the CPU time of it all.
 */
const [url = '', budgets = '1', callers = '64', seconds = '5'] = process.argv.slice(2);
const ledger = await openLedger(url);
const books = createBooks({ ledger });
const limits = Array.from({ length: Number(budgets) }, (_, i) =>
  budget({ name: `budget-${i}`, limit: bytesLimit(1n << 60n) }),
);
const tookMs: number[] = [];

async function admitUntil(endMs: number): Promise<void> {
  while (performance.now() < endMs) {
    const id = randomUUID();
    const chosen = limits[Math.floor(Math.random() * limits.length)] ?? budget();
    const startMs = performance.now();
    const atMs = Date.now();
    await books.admit({
      reservation: request({
        decisionId: id,
        atMs,
        coverages: [{ budget: chosen, account: '' }],
        spend: spend(10n),
      }),
      decision: decision({ id, atMs }),
    });
    tookMs.push(performance.now() - startMs);
  }
}

// Until everything is compiled and every connection is open, nothing counts.
const run = (ms: number) => {
  const endMs = performance.now() + ms;
  return Promise.all(Array.from({ length: Number(callers) }, () => admitUntil(endMs)));
};
await run(1_000);
tookMs.length = 0;
const before = process.cpuUsage();
await run(Number(seconds) * 1000);
const { user, system } = process.cpuUsage(before);
await ledger.close();
process.stdout.write(JSON.stringify({ tookMs, cpuMs: (user + system) / 1000 }));
