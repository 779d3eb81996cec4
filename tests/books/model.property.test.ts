import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGrants } from '../../src/books/grants/grants.ts';
import { type Budget, unitOf } from '../../src/vocabulary/budget.ts';
import { HOUR_MS, spend } from '../budget/builders.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { verified } from '../records/journal/journal-builders.ts';
import { type Act, accounts, act, budgetsOf, type Step } from './acts.ts';
import { admission, assumed, booksOn, microPerByte, settled, type TestBooks } from './builders.ts';
import { FREE_BYTES, Model, type ModelRequest, type ModelSettlement } from './model.ts';

/** The real books and their model, in a month of their own. */
class Run {
  readonly #model = new Model();
  readonly #budgets: readonly Budget[];
  readonly #real: TestBooks;
  readonly #name: string;
  readonly #startMs: number;

  constructor(real: TestBooks, number: number) {
    this.#real = real;
    this.#name = `run${number}`;
    this.#startMs = Date.UTC(2026, number, 24, 15);
    this.#budgets = budgetsOf(this.#name);
  }

  async does(act: Act): Promise<void> {
    if ('grant' in act) await this.#grants(act);
    else if ('giveBack' in act) await this.#givesBack(act.giveBack);
    else await this.#asks(act);
    await this.#agrees();
  }

  async #asks(steps: readonly Step[]): Promise<void> {
    const asked = steps.map((each) => (each.kind === 'admit' ? this.#asked(each) : this.#came(each)));

    const pending = Promise.allSettled(
      asked.map((each) => ('budgets' in each ? this.#admits(each) : this.#settles(each))),
    );

    const expected = new Map<ModelRequest | ModelSettlement, unknown>();
    for (const batch of batchesOf(asked)) {
      // Settlements come first: what they free makes room for requests.
      for (const each of batch.filter((one) => !('budgets' in one))) expected.set(each, this.#expects(each));
      for (const each of batch.filter((one) => 'budgets' in one)) expected.set(each, this.#expects(each));
    }
    const outcomes = (await pending).map((one) => (one.status === 'fulfilled' ? one.value : one.reason.kind));
    expect(outcomes).toEqual(asked.map((each) => expected.get(each)));
  }

  #expects(each: ModelRequest | ModelSettlement): unknown {
    if ('budgets' in each) return this.#model.admit(each) ?? 'reserved otherwise';
    const { version: _version, ...stands } = this.#model.settle(each);
    return { ...stands, micros: stands.bytes - stands.free };
  }

  #asked({
    id,
    budgets,
    holds,
    afterMs,
    again,
    kind: _kind,
    ...rest
  }: Extract<Step, { kind: 'admit' }>): ModelRequest {
    const name = this.#idOf(id);
    const known = again ? this.#model.admitted.get(name) : undefined;
    const asked = {
      ...rest,
      id: name,
      budgets: this.#budgets.filter((_, i) => budgets.includes(i)),
      rulesHeld: holds ? ['r', 'other'] : ['other'],
      atMs: this.#startMs + afterMs,
    };
    return { ...(known ?? asked) };
  }

  #came({ id, bytes, job, source }: Extract<Step, { kind: 'settle' }>): ModelSettlement {
    const name = this.#idOf(id);
    if (source === 'not run' || source === 'assumed') {
      return { id: name, bytes: source === 'assumed' ? bytes : 0n, job: null, source };
    }
    return { id: name, bytes, job: job === null ? null : `p:US.${this.#name}-${job}`, source };
  }

  async #admits({ id, bytes, budgets, account, ...rest }: ModelRequest): Promise<boolean> {
    const coverages = budgets.map((of) => ({ budget: of, account: of.per === null ? '' : account }));
    const asked = { coverages, spend: spend(bytes, bytes, bytes), ...rest };
    const outcome = await this.#real.books.admit(admission(id, asked));
    return outcome.reserved;
  }

  async #settles({ id, bytes, job, source }: ModelSettlement) {
    const price = { tariff: microPerByte, freeBytesPerMonth: FREE_BYTES };
    const known = { jobId: job, source, slotMs: Number(bytes), price, admittedAtMs: this.#startMs };
    const asked =
      source === 'assumed'
        ? { ...assumed(id, bytes), admittedAtMs: this.#startMs, slotMs: Number(bytes) }
        : settled(id, bytes, known);
    const stands = await this.#real.books.settle(asked);
    return {
      id: stands.decisionId,
      bytes: stands.bytesBilled,
      job: stands.jobId,
      source: stands.source,
      free: stands.freeBytes,
      micros: stands.cost.micros,
    };
  }

  async #grants({ grant, amount, hours }: Extract<Act, { grant: number }>): Promise<void> {
    const of = this.#budgets[grant];
    if (of === undefined) throw new Error(`there is no budget ${grant}`);
    const [createdAtMs, expiresAtMs] = [this.#startMs, this.#startMs + hours * HOUR_MS];
    const whom = { reason: 'r', grantedBy: 'a@x.example', grantedTo: 'b@x.example' };
    await createGrants(this.#real).give({
      ...whom,
      budget: of.name,
      account: '',
      unit: unitOf(of.limit),
      amount,
      createdAtMs,
      expiresAtMs,
    });
    this.#model.grants.push({ budget: of.name, amount, fromMs: createdAtMs, untilMs: expiresAtMs });
  }

  async #givesBack(ids: readonly number[]): Promise<void> {
    const names = ids.map((each) => this.#idOf(each));
    await this.#real.books.giveBackPlaces(names);
    for (const name of names) {
      if (this.#model.admitted.has(name)) this.#model.placesGivenBack.add(name);
    }
  }

  /** Every balance is as the model has it at any hour, and the journal has one row for each entry. */
  async #agrees(): Promise<void> {
    const all = this.#budgets.flatMap((of) =>
      (of.per === null ? [''] : accounts).map((account) => ({ budget: of, account })),
    );
    for (const hour of [0, 2, 5]) {
      const atMs = this.#startMs + hour * HOUR_MS;
      const found = await this.#real.budgets.balances(all, atMs);
      expect(found.map(({ limit, used, reserved }) => ({ limit, used, reserved }))).toEqual(
        all.map((one) => this.#model.balance(one.budget, one.account, atMs)),
      );
    }
    const journal = await this.#real.journal(`${this.#name}-`);
    expect(journal).toEqual(this.#model.journal.toSorted());
  }

  #idOf(number: number): string {
    return `${this.#name}-q${number}`;
  }
}

/** The batches that are written together: consecutive entries, each of a different decision. */
function batchesOf<T extends { readonly id: string }>(asked: readonly T[]): readonly (readonly T[])[] {
  const batches: T[][] = [];
  for (const each of asked) {
    const last = batches.at(-1);
    if (last === undefined || last.some(({ id }) => id === each.id)) batches.push([each]);
    else last.push(each);
  }
  return batches;
}

test('limits hold and usage equals what was settled, whatever the order of requests', async () => {
  const real = booksOn(await freshLedger());
  let runs = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
      runs += 1;
      const run = new Run(real, runs);
      for (const each of acts) await run.does(each);
    }),
    { numRuns: 60 },
  );

  expect((await verified(real.ledger)).all.filter(({ finding }) => finding !== 'left unsealed')).toEqual([]);
}, 120_000);
