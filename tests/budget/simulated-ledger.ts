import type { LedgerAnswer } from '../../src/budget/turnstile.ts';

/**
 * A ledger that holds only so many queries at once, over all replicas, and is exact: what it answers was true at one
 * instant, half-way through the asking.
 */
export function createSimulatedLedger(room: Readonly<Record<string, number>>) {
  const holders = new Map<string, readonly string[]>();
  const asking = new Set<string>();
  const asked: string[] = [];
  const held = (account: string) => [...holders.values()].filter((of) => of.includes(account)).length;
  const isFull = (account: string) => held(account) >= (room[account] ?? 0);

  return {
    /** Who asked, each time. */
    asked,
    /** Who is asking just now. */
    asking: asking as ReadonlySet<string>,
    /** Who holds places. */
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
    /** As `take`, over a network that takes some time both ways. */
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

/** By `setTimeout`, so that the tests' clock decides when it is over. */
async function sleep(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
