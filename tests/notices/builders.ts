import { onTestFinished } from 'vitest';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import type { Attempt } from '../../src/notices/delivery/deliver-notice.ts';
import { createDelivery, type DeliveryOptions } from '../../src/notices/delivery/delivery.ts';
import type { Notice } from '../../src/notices/notice.ts';
import { createNotices } from '../../src/notices/notices.ts';
import type { Budget } from '../../src/vocabulary/budget.ts';
import type { Webhook } from '../../src/vocabulary/policy.ts';
import type { BudgetBalance } from '../../src/vocabulary/spend.ts';
import { freshLedger } from '../ledger/ledgers.ts';

export const HOUR = 3_600_000;

/** Noon in São Paulo. */
export const noon = Date.UTC(2026, 10, 24, 15);

const source = { file: 'policies/atendimento.yaml', line: 1, column: 1 };

/** R$ 50 a day for a team in São Paulo, told at 50, 80 and 100 %, unless said otherwise. */
export function budget(changes: Partial<Budget> = {}): Budget {
  return {
    name: 'atendimento-dia',
    subject: { team: 'atendimento' },
    per: null,
    window: 'day',
    timeZone: 'America/Sao_Paulo',
    limit: { measure: 'money', money: { currency: 'BRL', micros: 50_000_000n } },
    whenExceeded: 'deny',
    warnAt: [50, 80, 100],
    queue: { length: 0, waitMs: 0 },
    contact: null,
    teamContacts: [],
    source,
    ...changes,
  };
}

/** Today's balance of `budget()`, nothing used, unless said otherwise. */
export function balance(changes: Partial<BudgetBalance> = {}): BudgetBalance {
  return {
    budget: budget(),
    account: '',
    window: { key: '2026-11-24', startMs: noon - 12 * HOUR, endMs: noon + 12 * HOUR },
    limit: 50_000_000n,
    granted: 0n,
    used: 0n,
    reserved: 0n,
    ...changes,
  };
}

/** 82 % used of R$ 50 at noon, unless said otherwise. */
export function notice(changes: Partial<Notice> = {}): Notice {
  return {
    budget: 'atendimento-dia',
    account: '',
    per: null,
    subject: { team: 'atendimento' },
    whenExceeded: 'deny',
    window: 'day',
    windowKey: '2026-11-24',
    windowStartMs: noon - 12 * HOUR,
    windowEndMs: noon + 12 * HOUR,
    timeZone: 'America/Sao_Paulo',
    unit: 'BRL',
    limit: 50_000_000n,
    used: 41_000_000n,
    reserved: 2_000_000n,
    contact: '#finops (Slack)',
    threshold: 80,
    atMs: noon,
    forecast: { projected: 82_000_000n, usedUpAtMs: noon + 2.5 * HOUR },
    ...changes,
  };
}

/** A webhook that takes JSON of all budgets, in English, unless said otherwise. */
export function webhook(url: string, changes: Partial<Webhook> = {}): Webhook {
  return {
    name: 'finops',
    format: 'json',
    address: { url },
    language: 'en',
    budgets: null,
    ...changes,
  };
}

/** Opens a ledger that may be there already, closed after the test. */
export async function ledgerAt(url: string): Promise<Ledger> {
  const ledger = await openLedger(url);
  onTestFinished(() => ledger.close());
  return ledger;
}

/** Notices that fail the test where they meet an error. */
export function noticesOf(ledger: Ledger) {
  return createNotices({ ledger, onError: unexpected });
}

/** A ledger in which one account has reached 80 % at noon. */
export async function ledgerWithNotice(): Promise<Ledger> {
  const ledger = await freshLedger();
  await noticesOf(ledger).check([balance({ used: 41_000_000n })], noon);
  return ledger;
}

/** A delivery at noon, in which a minute is waited after a failure; with all that came of it. */
export function deliveryOf(
  ledger: Ledger,
  webhooks: readonly Webhook[],
  options: Partial<DeliveryOptions> = {},
) {
  const attempts: Attempt[] = [];
  const clock = { nowMs: noon };
  const delivery = createDelivery({
    ledger,
    webhooks: () => webhooks,
    onAttempt: (attempt) => attempts.push(attempt),
    onError: unexpected,
    environment: {},
    now: () => clock.nowMs,
    delayMs: () => 60_000,
    ...options,
  });
  return { ...delivery, attempts, clock };
}

/** `[account, window, threshold, whether it waits to be told]`, newest first. */
export async function enteredNotices(ledger: Ledger) {
  const notices = await noticesOf(ledger).list({ limit: 100 });
  return notices.map(({ notice, deliveredAtMs }) => [
    notice.account,
    notice.windowKey,
    notice.threshold,
    deliveredAtMs === null ? 'waits' : 'sent',
  ]);
}

/** Whom to ask comes after what is tested, wherever it is not what is tested. */
export const nobody = { contact: null };

export const usedUp: Partial<Notice> = {
  used: 66_000_000n,
  threshold: 100,
  reserved: 0n,
  forecast: null,
  ...nobody,
};

function unexpected(error: unknown): never {
  throw error;
}
