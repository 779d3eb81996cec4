import { createBooks } from '../books/books.ts';
import { decisionIdOf } from '../books/entries.ts';
import { createResilientBooks } from '../books/outage/resilient-books.ts';
import type { Spool } from '../books/outage/spool.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createDelivery } from '../notices/delivery/delivery.ts';
import { createNotices } from '../notices/notices.ts';
import { createLiveFeed } from '../ops/live/live-feed.ts';
import { createThresholds } from '../proxy/thresholds.ts';
import { createDecisionFeed } from '../records/feed/decision-feed.ts';
import { publishRecent } from '../records/feed/recent-events.ts';
import { createFingerprintHistories } from '../records/history/fingerprint-history.ts';
import { createSlotHistory } from '../records/history/slot-history.ts';
import type { ServiceContext } from './service-context.ts';

/** Writes what happens to queries, and goes on while the ledger fails. */
export function resilientBooks(
  ledger: Ledger,
  spool: Spool,
  { settings, log, metrics }: Pick<ServiceContext, 'settings' | 'log' | 'metrics'>,
) {
  metrics.ledgerUp.set(1);
  const books = createBooks({
    ledger,
    onSplit(error, entries) {
      metrics.ledgerBatchesSplit.inc();
      log.warn({ err: error, entries }, 'entries could not be written together, and are written in halves');
    },
  });
  return createResilientBooks(books, spool, {
    timeoutMs: settings.ledgerTimeoutMs,
    onFailure: settings.onLedgerFailure,
    onState(state, error) {
      metrics.ledgerUp.set(state === 'up' ? 1 : 0);
      if (state === 'up') log.info('the ledger is back');
      else log.error({ err: error }, 'the ledger fails');
    },
    onRejected(entry, error) {
      metrics.ledgerErrors.inc({ operation: 'catch up' });
      log.error(
        { err: error, entry: entry.kind, decision: decisionIdOf(entry) },
        'what waited for the ledger was not taken by it',
      );
    },
    onDamaged({ lines, file }) {
      metrics.ledgerErrors.inc({ operation: 'catch up' }, lines);
      log.error(
        { lines, file },
        'lines of the spool cannot be read: the file is kept; run guardrail reconcile, which finds what is missing',
      );
    },
    onHeld(decision, error) {
      metrics.ledgerErrors.inc({ operation: 'settle' });
      log.error(
        { err: error, decision },
        'a query that was not run is not given back yet; each second tries again',
      );
    },
  });
}

/** Sends notices when budgets reach a threshold, without ever delaying a query. */
export function noticeParts(ledger: Ledger, budgets: Budgets, { log, metrics, watch }: ServiceContext) {
  const onError = (message: string) => (error: unknown) => {
    metrics.ledgerErrors.inc({ operation: 'notice' });
    log.error({ err: error }, message);
  };
  const notices = createNotices({
    ledger,
    onError: onError('a notice of a budget could not be entered; the next settlement tries again'),
  });
  return {
    notices,
    thresholds: createThresholds({
      budgets,
      notices,
      onError(error) {
        metrics.ledgerErrors.inc({ operation: 'balances' });
        log.error({ err: error }, 'whether budgets have reached a threshold could not be seen');
      },
    }),
    delivery: createDelivery({
      ledger,
      webhooks: () => watch.current().webhooks,
      onError: onError('notices that are due could not be read or marked as sent; the next look comes'),
      onAttempt(attempt) {
        metrics.noticeAttempts.inc({ webhook: attempt.webhook, outcome: attempt.outcome });
        if (attempt.problem === null) log.info(attempt, 'a webhook was notified of a budget');
        else log.warn(attempt, 'a webhook did not take the notice of a budget');
      },
    }),
  };
}

/** Shows passing queries, of this process and others, to those who watch live. */
export function liveParts(ledger: Ledger, { log, metrics }: ServiceContext) {
  const feed = createDecisionFeed();
  const live = createLiveFeed({
    feed,
    publishOthers: (sinceMs) => publishRecent(ledger.read, feed, sinceMs),
    onError(error) {
      metrics.ledgerErrors.inc({ operation: 'feed' });
      log.error({ err: error }, 'some decisions could not be shown to those who watch live');
    },
    onDropped: () => metrics.feedDropped.inc(),
    onListeners: (count) => metrics.feedListeners.set(count),
  });
  return { feed, live };
}

/** What the ledger knows about earlier runs. If it does not answer, a query goes on without. */
export function historyParts(ledger: Ledger, { settings, metrics }: ServiceContext) {
  const reading = {
    ledger,
    maxEntries: settings.estimateEntries,
    onError: () => metrics.ledgerErrors.inc({ operation: 'history' }),
  };
  return { slotHistory: createSlotHistory(reading), histories: createFingerprintHistories(reading) };
}
