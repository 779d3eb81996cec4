import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Books, createBooks } from '../../../src/books/books.ts';
import { createResilientBooks } from '../../../src/books/outage/resilient-books.ts';
import { openSpool } from '../../../src/books/outage/spool.ts';
import { createBudgets } from '../../../src/budget/budgets.ts';
import { createReplica } from '../../../src/budget/replicas.ts';
import { LedgerError } from '../../../src/ledger/errors.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { createNotices } from '../../../src/notices/notices.ts';
import { checkThresholds } from '../../../src/service/upkeep/thresholds.ts';
import { admission, settled } from '../../books/builders.ts';
import { atOnce, budget, covering, noon } from '../../budget/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const watched = budget({ warnAt: [80] });
const perPerson = budget({ name: 'pessoa', per: 'person', warnAt: [50] });

async function process(ledger: Ledger, id = 'one', startedAtMs = noon) {
  const replica = createReplica(ledger, id, startedAtMs);
  await replica.beat(noon);
  const errors: unknown[] = [];
  const notices = createNotices({ ledger, onError: (error) => errors.push(error) });
  const watch = { current: () => ({ budgets: [watched, perPerson, atOnce(1n), budget({ name: 'quiet' })] }) };
  return { budgets: createBudgets({ ledger }), notices, replica, watch };
}

async function noticed({ notices }: Awaited<ReturnType<typeof process>>) {
  const list = await notices.list({ limit: 10 });
  return list.map(({ notice: { budget, account, threshold } }) => [budget, account, threshold]).toSorted();
}

test('a threshold passed while the ledger was unreachable is noticed once, when it has caught up', async () => {
  const ledger = await freshLedger();
  const real = createBooks({ ledger });
  const parts = await process(ledger);
  let away = true;
  const failing: Books = {
    ...real,
    settle(settlement) {
      if (away) throw new LedgerError('unreachable', 'The ledger is gone.', 'Bring it back.');
      return real.settle(settlement);
    },
  };
  const books = createResilientBooks(failing, await openSpool(join(await temporaryFolder(), 'spool')), {
    timeoutMs: 60_000,
    onFailure: 'deny',
    onState: () => undefined,
    onRejected: (_entry, error) => expect.unreachable(String(error)),
    onDamaged: ({ file }) => expect.unreachable(file),
    onHeld: (_id, error) => expect.unreachable(String(error)),
  });
  await books.admit(admission('a', { coverages: covering(watched) }));
  await books.settle(settled('a', 900n));
  await checkThresholds(parts, noon);
  const meanwhile = await noticed(parts);
  away = false;

  await books.catchUp();
  await checkThresholds(parts, noon + 1);
  await checkThresholds(parts, noon + 2);

  expect(meanwhile).toEqual([]);
  expect(await noticed(parts)).toEqual([['atendimento-dia', '', 80]]);
});

test('thresholds are checked for each account separately, by the eldest process only', async () => {
  const ledger = await freshLedger();
  const [eldest, other] = [await process(ledger, 'z', noon), await process(ledger, 'a', noon + 1)];
  const books = createBooks({ ledger });
  for (const [id, account, bytes] of [
    ['a', 'ana', 600n],
    ['b', 'bia', 500n],
    ['c', 'caio', 499n],
  ] as const) {
    await books.admit(admission(id, { coverages: [{ budget: perPerson, account }] }));
    await books.settle(settled(id, bytes));
  }

  await checkThresholds(other, noon);
  const before = await noticed(other);
  await checkThresholds(eldest, noon);

  expect(before).toEqual([]);
  expect(await noticed(eldest)).toEqual([
    ['pessoa', 'ana', 50],
    ['pessoa', 'bia', 50],
  ]);
});
