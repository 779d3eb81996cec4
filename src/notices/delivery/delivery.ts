import { backoff } from '../../foundation/waiting/backoff.ts';
import { startRounds } from '../../foundation/waiting/rounds.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Webhook } from '../../vocabulary/policy.ts';
import { type Attempt, deliverNotice, MAX_DELAY_MS } from './deliver-notice.ts';
import { claimDue, deliveriesOf } from './deliveries.ts';
import type { Environment } from './send.ts';

/** How long a webhook may take to answer. */
const TIMEOUT_MS = 10_000;

/** Longer than a webhook may take, since a notice goes to all webhooks at the same time. */
const LEASE_MS = 60_000;

/** This many at a time, every few seconds, which is what Slack accepts. */
const BATCH = 10;

const EVERY_MS = 5_000;
const FIRST_DELAY_MS = 5_000;

/** Sends webhooks the notices that are in the ledger. */
export interface Delivery {
  /** Looks for due notices every few seconds, until it is stopped. */
  start(): void;
  /** Resolves once the notices being sent have been sent or have failed. */
  stop(): Promise<void>;
  /** Sends what is due now. Never rejects. */
  deliverDue(): Promise<void>;
}

export interface DeliveryOptions {
  readonly ledger: Ledger;
  /** Those of the policy in force. */
  readonly webhooks: () => readonly Webhook[];
  readonly onAttempt: (attempt: Attempt) => void;
  /** Called when the ledger could not be read or written. */
  readonly onError: (error: unknown) => void;
  /** Where secret addresses are looked up. */
  readonly environment?: Environment;
  readonly now?: () => number;
  /** How long to wait after this many failed attempts. */
  readonly delayMs?: (attempts: number) => number;
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Every notice is sent to every webhook that wants it, at least once; twice only if a process dies between a webhook's
 * answer and its entry in the ledger. Failures are retried at growing intervals, for three days from when the threshold
 * was reached; the ledger keeps the schedule, so that it survives a restart.
 */
export function createDelivery(options: DeliveryOptions): Delivery {
  const settings: Required<DeliveryOptions> = {
    environment: process.env,
    now: Date.now,
    delayMs: delayAfter,
    timeoutMs: TIMEOUT_MS,
    everyMs: EVERY_MS,
    ...options,
  };
  let endRounds = async () => {};
  return {
    start() {
      endRounds = startRounds({ ...settings, firstAfterMs: 0 }, () => deliverDue(settings));
    },
    stop: () => endRounds(),
    deliverDue: () => deliverDue(settings),
  };
}

/** From five seconds to an hour. */
export function delayAfter(attempts: number): number {
  return backoff(attempts, { firstMs: FIRST_DELAY_MS, maxMs: MAX_DELAY_MS });
}

async function deliverDue(options: Required<DeliveryOptions>): Promise<void> {
  try {
    const claimed = await claimDue(options.ledger, { nowMs: options.now(), leaseMs: LEASE_MS, limit: BATCH });
    const done = await deliveriesOf(
      options.ledger.read,
      claimed.map(({ id }) => id),
    );
    await Promise.all(
      claimed.map((notice) => {
        const doneWith = new Set(done.get(notice.id)?.map(({ webhook }) => webhook));
        return deliverNotice(options, notice, doneWith).catch(options.onError);
      }),
    );
  } catch (error) {
    options.onError(error);
  }
}
