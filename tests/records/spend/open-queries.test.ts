import { expect, test } from 'vitest';
import { countOpenQueries } from '../../../src/records/spend/settled-kinds.ts';
import { admission, assumed, freshBooks, notRun, settled } from '../../books/builders.ts';
import { noon } from '../../budget/builders.ts';
import { always } from './spend.ts';

test('queries are open from their admission until they are settled, in whatever way', async () => {
  const { books, ledger } = await freshBooks();
  for (const id of ['open', 'settled', 'assumed', 'not run']) await books.admit(admission(id));
  await books.admit(admission('later', { atMs: noon + 5000 }));
  await books.record({ ...admission('refused').decision, outcome: 'refused' });
  const before = await countOpenQueries(ledger.read, always);

  await books.settle(settled('settled'));
  await books.settle(assumed('assumed'));
  await books.settle(notRun('not run'));

  expect(before).toBe(5);
  expect(await countOpenQueries(ledger.read, always)).toBe(2);
  expect(await countOpenQueries(ledger.read, { fromMs: noon, toMs: noon + 5000 })).toBe(1);
});
