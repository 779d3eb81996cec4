import { setTimeout } from 'node:timers/promises';
import { backoff } from '../../foundation/waiting/backoff.ts';
import { startRounds } from '../../foundation/waiting/rounds.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ColumnLineage } from '../../vocabulary/column-lineage.ts';
import type { Decision } from '../../vocabulary/decision.ts';
import { type Backlog, backlogOf, openCursor } from './cursor.ts';
import { deliverNext, type LineageAttempt, type LineageDelivery } from './deliver-next.ts';
import type { EventOptions } from './events.ts';
import { ANSWER_TIMEOUT_MS } from './http-target.ts';
import type { LineageTarget } from './target.ts';

export type { LineageAttempt } from './deliver-next.ts';

const EVERY_MS = 1_000;

/** A pause between batches, so that queries have the thread half of the time while there is much to catch up on. */
const REST_MS = 50;

/** From one second, so that a restart of the target is soon over, to five minutes. */
const DELAYS = { firstMs: 1_000, maxMs: 300_000 };

/** Each run has two events, and half of the lease is for runs under way. */
const LEASE_MS = 2 * (2 * ANSWER_TIMEOUT_MS + 10_000);

/** Sends a lineage catalog what ran, what it read and wrote, and what it cost. */
export interface Lineage {
  /** Sends what comes, until it is stopped. */
  start(): void;
  /** Resolves once the batch under way has been sent or has failed; the rest waits in the ledger. */
  stop(): Promise<void>;
  /** Sends everything that is due now. Never rejects. */
  deliverDue(): Promise<void>;
  /** What has not been sent yet. */
  backlog(): Promise<Backlog>;
}

export interface LineageOptions extends EventOptions {
  readonly ledger: Ledger;
  readonly target: LineageTarget;
  readonly columnLineage: (decision: Decision) => Promise<ColumnLineage | null>;
  readonly withoutComments: (sql: string) => string;
  readonly onAttempt: (attempt: LineageAttempt) => void;
  /** Called when the ledger could not be read or written. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  readonly delayMs?: (failures: number) => number;
  readonly leaseMs?: number;
  readonly restMs?: number;
}

/**
 * Sends every settlement at least once, from when its target was first configured, in the order in which settlements
 * were sealed. It sends one twice only if a process dies, or loses the ledger, between the target's answer and its
 * entry. The ledger keeps how far each target has got; of several replicas, one sends at a time.
 */
export function createLineage(options: LineageOptions): Lineage {
  const stopping = new AbortController();
  const context: LineageDelivery = {
    stopping: stopping.signal,
    now: Date.now,
    delayMs: (failures) => backoff(failures, DELAYS),
    leaseMs: LEASE_MS,
    ...options,
  };
  let endRounds = async () => {};
  let isOpen = false;
  const { ledger, target, restMs = REST_MS } = options;
  const deliverDue = async () => {
    try {
      if (!isOpen) await openCursor(ledger, target.name);
      isOpen = true;
      while (!stopping.signal.aborted && (await deliverNext(context))) await pause(restMs, stopping.signal);
    } catch (error) {
      options.onError(error);
    }
  };
  return {
    start() {
      endRounds = startRounds({ firstAfterMs: 0, everyMs: EVERY_MS, onError: options.onError }, deliverDue);
    },
    async stop() {
      stopping.abort();
      await endRounds();
    },
    deliverDue,
    backlog: () => backlogOf(ledger.read, target.name),
  };
}

/** Ends early when the process stops. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
