import type { Language } from '../../src/foundation/text/language.ts';
import { refusalMessage } from '../../src/policy/messages/messages.ts';
import { amountOfLimit, type Budget } from '../../src/vocabulary/budget.ts';
import type { RuleHit } from '../../src/vocabulary/policy.ts';
import type { Pricing } from '../../src/vocabulary/pricing.ts';
import type { Refusal, RefusalCause } from '../../src/vocabulary/refusal.ts';
import type { BudgetBalance } from '../../src/vocabulary/spend.ts';

export const GIB = 1n << 30n;
const DAY_END = Date.UTC(2026, 10, 25, 3);

/** USD 6.25 per TiB anywhere, BRL 5.40 to the dollar. */
const pricing: Pricing = {
  currency: 'USD',
  onDemandMicrosPerTib: { byLocation: new Map(), otherwise: 6_250_000n },
  editions: null,
  freeBytesPerMonth: 0n,
  exchangeRates: [{ to: 'BRL', microsPerUnit: 5_400_000n, asOf: '2026-11-01' }],
};

/** A budget, by default of 20 GiB a day in São Paulo that refuses. */
function budget(changes: Partial<Budget> = {}): Budget {
  return {
    name: 'atendimento-day',
    subject: { team: 'atendimento' },
    per: null,
    window: 'day',
    timeZone: 'America/Sao_Paulo',
    limit: { measure: 'bytes', bytes: 20n * GIB },
    whenExceeded: 'deny',
    warnAt: [],
    queue: { length: 20, waitMs: 30_000 },
    contact: null,
    teamContacts: [],
    source: { file: 'policies/atendimento.yaml', line: 13, column: 5 },
    ...changes,
  };
}

/** The balance of a budget, by default unused and in a window that ends with 24 November 2026. */
export function balance(
  of: Partial<Budget> = {},
  changes: Partial<Omit<BudgetBalance, 'budget'>> = {},
): BudgetBalance {
  const its = budget(of);
  return {
    budget: its,
    account: '',
    window: { key: '2026-11-24', startMs: DAY_END - 86_400_000, endMs: DAY_END },
    limit: amountOfLimit(its.limit),
    granted: 0n,
    used: 0n,
    reserved: 0n,
    ...changes,
  };
}

export const hit: RuleHit = {
  rule: 'no-star-over-messages',
  mode: 'deny',
  message: 'Filter on created_at.',
  source: { file: 'policies/atendimento.yaml', line: 24, column: 5 },
};

type BudgetCause = Extract<RefusalCause, { readonly by: 'budget' }>;

/** A refusal by a budget that lacks the requested amount, by default without a wait or rules. */
export function byBudget(
  of: BudgetBalance,
  requested: bigint,
  changes: Partial<Pick<BudgetCause, 'waited' | 'matchedRules'>> = {},
): RefusalCause {
  return { by: 'budget', balance: of, requested, waited: null, matchedRules: [], ...changes };
}

/** The message of a refusal of 3 GiB. The no-break spaces of amounts are replaced by plain ones. */
export function message(changes: Partial<Refusal> = {}, language: Language = 'en'): string {
  const refusal: Refusal = {
    decisionId: 'd-42',
    page: null,
    cause: { by: 'rule', hits: [hit] },
    contacts: [],
    estimate: {
      bytesBilled: 3n * GIB,
      cost: { currency: 'USD', micros: 1_000_000n },
      slotMs: 5_400_000n,
      queries: 1n,
    },
    balances: [],
    rewrites: [],
    ...changes,
  };
  return refusalMessage(refusal, language, pricing).replaceAll(/[\u00a0\u202f]/g, ' ');
}

/** The lines of a message that match a pattern, in both languages. */
export function inBoth(changes: Partial<Refusal>, pick: RegExp): readonly string[] {
  return (['en', 'pt-BR'] as const).flatMap((language) =>
    message(changes, language)
      .split('\n')
      .filter((line) => pick.test(line)),
  );
}
