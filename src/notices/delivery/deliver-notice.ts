import { DAY_MS, HOUR_MS } from '../../foundation/calendar/durations.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Webhook } from '../../vocabulary/policy.ts';
import { messageFor } from '../messages/message.ts';
import { type Notice, noticeContent } from '../notice.ts';
import { type ClaimedNotice, type DeliveryOutcome, endClaim, enterDelivery } from './deliveries.ts';
import { type Environment, send } from './send.ts';

/** The longest pause between two attempts, even if a webhook asks for more. */
export const MAX_DELAY_MS = HOUR_MS;

/** A threshold reached this long ago is no longer news. */
const GIVE_UP_AFTER_MS = 3 * DAY_MS;

/** The outcome of sending one notice to one webhook, for logs and metrics. Contains no address. */
export interface Attempt {
  readonly notice: string;
  readonly budget: string;
  readonly threshold: number;
  readonly webhook: string;
  /** `failed`: it will be retried. */
  readonly outcome: DeliveryOutcome | 'failed';
  /** Why it was not accepted; null if it was. */
  readonly problem: string | null;
}

/** What sending a notice needs. */
export interface NoticeDelivery {
  readonly ledger: Ledger;
  readonly webhooks: () => readonly Webhook[];
  readonly onAttempt: (attempt: Attempt) => void;
  readonly onError: (error: unknown) => void;
  readonly environment: Environment;
  readonly now: () => number;
  readonly delayMs: (attempts: number) => number;
  readonly timeoutMs: number;
}

/**
 * Sends a notice to the webhooks that want it and are not done with it, and ends the claim according to their answers.
 */
export async function deliverNotice(
  options: NoticeDelivery,
  claimed: ClaimedNotice,
  doneWith: ReadonlySet<string>,
): Promise<void> {
  const notice = noticeContent.decode(JSON.parse(claimed.content));
  const waiting = options
    .webhooks()
    .filter(
      ({ name, budgets }) => !doneWith.has(name) && (budgets === null || budgets.includes(notice.budget)),
    );
  const results = await Promise.all(
    waiting.map((webhook) => deliverTo(options, claimed.id, notice, webhook)),
  );
  const retryDelaysMs = results.filter((result) => result !== 'done').map(({ waitMs }) => waitMs);
  const waitMs = Math.min(MAX_DELAY_MS, Math.max(options.delayMs(claimed.attempts), ...retryDelaysMs));
  const nowMs = options.now();
  const end = retryDelaysMs.length === 0 ? { deliveredAtMs: nowMs } : { dueAtMs: nowMs + waitMs };
  await options.ledger.write((db) => endClaim(db, claimed, end));
}

/**
 * Each webhook's answer is entered as soon as it is known, so that a crash while another one hangs does not repeat it.
 * Never rejects.
 * @returns whether the webhook is done with the notice, or else how long it asks to be left alone
 */
async function deliverTo(
  options: NoticeDelivery,
  id: string,
  notice: Notice,
  webhook: Webhook,
): Promise<'done' | { readonly waitMs: number }> {
  const sent = await send(webhook, messageFor(webhook, id, notice), options);
  const atMs = options.now();
  const isInTime = atMs < notice.atMs + GIVE_UP_AFTER_MS;
  const outcome = sent.outcome === 'failed' && !isInTime ? 'given up' : sent.outcome;
  const problem = sent.outcome === 'sent' ? null : sent.problem;
  const { budget, threshold } = notice;
  options.onAttempt({ notice: id, budget, threshold, webhook: webhook.name, outcome, problem });
  if (outcome === 'failed') return { waitMs: 'retryAfterMs' in sent ? sent.retryAfterMs : 0 };
  try {
    await options.ledger.write((db) =>
      enterDelivery(db, id, { webhook: webhook.name, outcome, problem, atMs }),
    );
    return 'done';
  } catch (error) {
    options.onError(error);
    return { waitMs: 0 };
  }
}
