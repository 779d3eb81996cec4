import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { startRounds } from '../../foundation/waiting/rounds.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { copyNextSpend } from '../../records/spend/copy/copy-spend.ts';

/** Sums read the rest from the records themselves, which is quick as long as it is little. */
const EVERY_MS = 5_000;

/** The pause between two steps, so that queries have the ledger to themselves most of the time. */
const REST_MS = 30;

interface CopyingParts {
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Copies what queries came to, in rounds, for sums over many of them. @returns what ends the rounds */
export function startCopyingSpend(
  { ledger, metrics, log }: CopyingParts,
  everyMs = EVERY_MS,
): () => Promise<void> {
  const onError = (error: unknown) => {
    metrics.ledgerErrors.inc({ operation: 'spend' });
    log.error(
      { err: error },
      'what queries came to could not be copied for sums; the next round tries again',
    );
  };
  return startRounds({ firstAfterMs: everyMs, everyMs, onError }, async (signal) => {
    while (await copyNextSpend(ledger)) await sleep(REST_MS, undefined, { signal, ref: false });
  });
}
