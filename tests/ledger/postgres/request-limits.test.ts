import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createGrantRequests, type NewGrantRequest } from '../../../src/books/grants/grant-requests.ts';
import { MAX_PER_PERSON } from '../../../src/books/grants/request-limits.ts';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { postgresServer, postgresUrl } from '../ledgers.ts';

const server = postgresServer();

const wanted: NewGrantRequest = {
  budget: 'atendimento-dia',
  account: '',
  unit: 'bytes',
  amount: 500n,
  reason: 'month end',
  askedBy: 'vera',
  askedFor: 'Vera',
  atMs: 1_000_000,
  expiresAtMs: 2_000_000,
};

async function opened(url: string): Promise<Ledger> {
  const ledger = await openLedger(url);
  onTestFinished(() => ledger.close());
  return ledger;
}

/** Resolves once some session of the database waits for another, or that does not matter any more. */
async function someoneWaits(over: AbortSignal): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    while (!over.aborted) {
      const { rowCount } = await client.query(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      if (rowCount !== 0) return;
    }
  } finally {
    await client.end();
  }
}

test('of two grant requests that two replicas file at once with room for one, only one is accepted', async () => {
  const url = postgresUrl(server);
  const [here, there] = [await opened(url), await opened(url)];
  const file = createGrantRequests({ ledger: here });
  for (let i = 1; i < MAX_PER_PERSON; i += 1) await file.ask(wanted);
  const over = new AbortController();
  const enteredThere = Promise.withResolvers<void>();
  const enteredHere = Promise.withResolvers<void>();
  /** Enters, and is not durable until the other has entered, or waits for this one. */
  const slow: Ledger = {
    ...here,
    write: (work) =>
      here.write(async (db) => {
        const entered = await work(db);
        enteredHere.resolve();
        await Promise.race([enteredThere.promise, someoneWaits(over.signal)]);
        over.abort();
        return entered;
      }),
  };

  const first = createGrantRequests({ ledger: slow }).ask(wanted);
  await enteredHere.promise;
  const second = createGrantRequests({ ledger: there }).ask(wanted).finally(enteredThere.resolve);

  expect(await first).toMatchObject({ id: expect.any(String) });
  expect(await second).toMatchObject({ problem: 'too many of one' });
});
