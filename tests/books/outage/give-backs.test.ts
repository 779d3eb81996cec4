import { expect, test } from 'vitest';
import { createGiveBacks } from '../../../src/books/outage/give-backs.ts';
import { admission } from '../builders.ts';

/** Give-backs to a store that can be down. */
function giveBacks() {
  const store = { isDown: false, written: [] as string[] };
  const failed: string[] = [];
  const settle = async ({ decisionId }: { readonly decisionId: string }) => {
    if (store.isDown) throw new Error('the disk is full');
    store.written.push(decisionId);
  };
  return { ...createGiveBacks(settle, (id) => failed.push(id)), settle, store, failed };
}

test('queries that could be given back nowhere are retried until each is given back, once', async () => {
  const { giveBack, retry, settle, store, failed } = giveBacks();
  store.isDown = true;
  await giveBack(admission('a'), settle);
  await giveBack(admission('b'), settle);
  await retry();
  store.isDown = false;

  await retry();
  await retry();

  expect(failed).toEqual(['a', 'b']);
  expect(store.written).toEqual(['a', 'b']);
});

test('of queries that nobody waits for any more, only those are given back that were admitted after all', async () => {
  const { giveBackIfAdmitted, drained, store } = giveBacks();
  const refused = { reserved: false, balance: null as never, asked: 1n, balances: [] } as const;

  giveBackIfAdmitted(admission('admitted'), Promise.resolve({ reserved: true, balances: [], exceeded: [] }));
  giveBackIfAdmitted(admission('refused'), Promise.resolve(refused));
  giveBackIfAdmitted(admission('failed'), Promise.reject(new Error('the ledger is gone')));
  await drained();

  expect(store.written).toEqual(['admitted']);
});
