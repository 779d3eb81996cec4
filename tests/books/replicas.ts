import { onTestFinished } from 'vitest';
import { createBooks } from '../../src/books/books.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import type { Budget } from '../../src/vocabulary/budget.ts';
import { HOUR_MS, spend } from '../budget/builders.ts';
import { ledgerUrl } from '../ledger/ledgers.ts';
import { accounts } from './acts.ts';
import { admission, assumed, booksOn, settled } from './builders.ts';

/**
 * A ledger per replica: separate connections to one PostgreSQL, or one SQLite file, which a process opens only
 * once.
 */
export async function ledgersOf(replicas: number): Promise<readonly Ledger[]> {
  const url = await ledgerUrl();
  const first = await openLedger(url);
  onTestFinished(() => first.close());
  if (url.startsWith('sqlite:')) return Array(replicas).fill(first);
  const others = await Promise.all(Array.from({ length: replicas - 1 }, () => openLedger(url)));
  for (const each of others) onTestFinished(() => each.close());
  return [first, ...others];
}

/** What a replica does. A decision is given as its number among all that any replica has admitted so far. */
export type ReplicaAct =
  | { readonly does: 'admit'; readonly bytes: bigint; readonly account: number; readonly minute: number }
  | {
      readonly does: 'settle';
      readonly decision: number;
      readonly percent: bigint;
      readonly job: number | null;
    }
  | { readonly does: 'charge what expired' }
  /** Forgets what it has admitted and every request still under way. */
  | { readonly does: 'crash' };

/** Everything acknowledged to the replicas of a run. */
export class Acknowledged {
  readonly run: string;
  readonly startMs: number;
  readonly budgets: readonly Budget[];
  /** The bytes reserved, by decision. */
  readonly admitted = new Map<string, bigint>();
  readonly settled = new Set<string>();
  /** Budgets reported above their limit when a query was admitted. */
  readonly above: string[] = [];
  count = 0;

  constructor(run: string, startMs: number, budgets: readonly Budget[]) {
    this.run = run;
    this.startMs = startMs;
    this.budgets = budgets;
  }

  numbered(number: number): string | undefined {
    const all = [...this.admitted.keys()];
    return all[number % Math.max(1, all.length)];
  }
}

/** A replica that works through its acts, some of them concurrently. */
export class Replica {
  readonly #ledger: Ledger;
  readonly #heard: Acknowledged;
  #books: ReturnType<typeof createBooks>;
  /** Counts restarts: answers to requests from before a crash are ignored. */
  #life = 0;

  constructor(ledger: Ledger, acknowledged: Acknowledged) {
    this.#ledger = ledger;
    this.#heard = acknowledged;
    this.#books = createBooks({ ledger });
  }

  async works(acts: readonly (readonly ReplicaAct[])[]): Promise<void> {
    for (const together of acts) await Promise.all(together.map((each) => this.#does(each)));
  }

  async #does(act: ReplicaAct): Promise<void> {
    switch (act.does) {
      case 'admit':
        return this.#admits(act);
      case 'settle':
        return this.#settles(act);
      case 'charge what expired':
        return this.#charges();
      case 'crash':
        this.#life += 1;
        this.#books = createBooks({ ledger: this.#ledger });
    }
  }

  async #admits({ bytes, account, minute }: Extract<ReplicaAct, { does: 'admit' }>): Promise<void> {
    const acknowledged = this.#heard;
    acknowledged.count += 1;
    const [id, life] = [`${acknowledged.run}-q${acknowledged.count}`, this.#life];
    const coverages = acknowledged.budgets.map((of) => ({
      budget: of,
      account: of.per === null ? '' : (accounts[account] ?? ''),
    }));
    const atMs = acknowledged.startMs + minute * 60_000;
    const asked = admission(id, { coverages, spend: spend(bytes, bytes, bytes), atMs, rulesHeld: ['r'] });
    const outcome = await this.#books.admit(asked);
    if (!outcome.reserved || life !== this.#life) return;
    acknowledged.admitted.set(id, bytes);
    for (const { budget, used, reserved, limit } of outcome.balances) {
      if (budget.whenExceeded !== 'warn' && used + reserved > limit)
        acknowledged.above.push(`${id} ${budget.name}`);
    }
  }

  async #settles({ decision, percent, job }: Extract<ReplicaAct, { does: 'settle' }>): Promise<void> {
    const id = this.#heard.numbered(decision);
    if (id === undefined) return;
    const bytes = ((this.#heard.admitted.get(id) ?? 0n) * percent) / 100n;
    const life = this.#life;
    const jobId = job === null ? `p:US.of-${id}` : `p:US.${this.#heard.run}-${job}`;
    await this.#books.settle(settled(id, bytes, { jobId, admittedAtMs: this.#heard.startMs }));
    if (life === this.#life) this.#heard.settled.add(id);
  }

  async #charges(): Promise<void> {
    const { budgets } = booksOn(this.#ledger);
    const expired = await budgets.expired(this.#heard.startMs + 24 * HOUR_MS, 5);
    const charges = expired.map(({ decisionId, spend, atMs }) => ({
      ...assumed(decisionId, spend.bytesBilled),
      admittedAtMs: atMs,
    }));
    await Promise.all(charges.map((charge) => this.#books.settle(charge)));
  }
}
