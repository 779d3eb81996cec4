import type { LedgerAnswer } from '../../../src/budget/turnstile/turnstile.ts';

/**
 * A ledger that admits a limited number of concurrent queries over all replicas. Its answer is exact as of one
 * instant, half-way through the request.
 */
export function createSimulatedLedger(room: Readonly<Record<string, number>>) {
  const holders = new Map<string, readonly string[]>();
  const asking = new Set<string>();
  const asked: string[] = [];
  const held = (account: string) => [...holders.values()].filter((of) => of.includes(account)).length;
  const isFull = (account: string) => held(account) >= (room[account] ?? 0);

  return {
    /** The name of every query that asked, in order. */
    asked,
    /** The queries whose request is under way. */
    asking: asking as ReadonlySet<string>,
    /** The queries that hold places. */
    holders: holders as ReadonlyMap<string, readonly string[]>,
    isFull,
    /** Takes a place in every account at once, or in none. */
    take(name: string, accounts: readonly string[]): string | null {
      const full = accounts.find(isFull) ?? null;
      if (full === null) holders.set(name, accounts);
      return full;
    },
    giveBack(name: string): readonly string[] {
      const accounts = holders.get(name) ?? [];
      holders.delete(name);
      return accounts;
    },
    /** Like `take`, over a network that takes some time both ways. */
    async ask(name: string, accounts: readonly string[], eachWayMs: number): Promise<LedgerAnswer<string>> {
      asked.push(name);
      asking.add(name);
      await sleep(eachWayMs);
      const full = this.take(name, accounts);
      await sleep(eachWayMs);
      asking.delete(name);
      return full === null ? { full, answer: name } : { full };
    },
  };
}

/** Sleeps by `setTimeout`, so that the fake clock of the tests decides when it ends. */
async function sleep(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
