import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { copiedUpTo } from '../../../src/records/spend/copy/copy-spend.ts';
import { startCopyingSpend } from '../../../src/service/upkeep/copying-spend.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decisionEntry, enter, settlementEntry } from '../../records/journal/journal-builders.ts';

test('a running guardrail copies whatever is sealed, round after round', async () => {
  const ledger = await freshLedger();
  const stop = startCopyingSpend({ ledger, metrics: createMetrics(), log: pino({ level: 'silent' }) }, 5);
  onTestFinished(stop);

  for (const [i, id] of ['a', 'b'].entries()) {
    await enter(ledger, decisionEntry(id), settlementEntry(id));
    await sealNow(ledger);
    await vi.waitFor(async () => expect(await copiedUpTo(ledger.read)).toBe(BigInt(i + 1)));
  }

  const copied = await ledger.read.selectFrom('query_spend').select('decision_id').execute();
  expect(copied.map(({ decision_id }) => decision_id).toSorted()).toEqual(['a', 'b']);
});
