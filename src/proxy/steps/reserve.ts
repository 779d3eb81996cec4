import { isWaitedFor, type ReserveOutcome } from '../../budget/reservations/reserve.ts';
import type { PassOutcome } from '../../budget/turnstile/turnstile.ts';
import { phrasesIn } from '../../policy/messages/phrases.ts';
import type { Coverage } from '../../vocabulary/budget.ts';
import { type Admitted, decisionOn, type Judged } from '../passage.ts';
import { accountId, budgetsOfPlaces, placeAt } from '../places.ts';
import type { Stages } from '../stages.ts';
import { Failed, type Refused, type StopAnswer } from '../stop.ts';
import { type Asking, askingsOf } from './askings.ts';
import { CapNotAdmitted } from './capped.ts';
import { refused } from './refuse.ts';
import { settle } from './settle.ts';

type BudgetRefusal = Extract<ReserveOutcome, { reserved: false }>;

/** The budgets' final answer. */
type Answer = { readonly admitted: Admitted } | { readonly admitted: null; readonly refusal: BudgetRefusal };

/**
 * Takes what the query may cost from every budget that covers it, durably, before anything runs, and enters its
 * decision with it. It asks with headroom if the estimate is not exact, and without if the budgets only have room for
 * the estimate itself. If everything fits except a place for queries at once, the query waits for one, as the budget
 * says.
 * @throws Refused if a budget has no room; Failed if the ledger cannot say, or the client is gone; CapNotAdmitted if
 * there is no room for the cap of a query that is not priced yet
 */
export async function reserve(judged: Judged, stages: Stages): Promise<Admitted> {
  const coverages = judged.policy.coverageOf({ caller: judged.caller, projectId: judged.job.projectId });
  const places = budgetsOfPlaces(coverages);
  const { waitedBeforeMs = 0 } = judged;
  const startedAt = performance.now();
  let waitedMs = 0;
  const outcome = await stages.turnstile.pass<Answer>({
    places: places.map(placeAt),
    caller: judged.caller.person ?? judged.caller.principal ?? '',
    waitMs: Math.max(0, ...places.map(({ budget }) => budget.queue.waitMs - waitedBeforeMs)),
    signal: judged.gone,
    async ask() {
      // The window that pays and the time to settle count from the moment of admission.
      waitedMs = performance.now() - startedAt;
      const answer = await askFor({ ...judged, atMs: Date.now(), waitedMs }, coverages, stages);
      if (answer.admitted !== null || !isWaitedFor(answer.refusal.balance)) return { full: null, answer };
      return { full: accountId(answer.refusal.balance) };
    },
  });
  if (outcome.end === 'answered') return admittedBy(outcome.answer, { ...judged, waitedMs }, stages);
  throw await notLetIn(outcome, { ...judged, waitedMs: performance.now() - startedAt }, coverages, stages);
}

async function admittedBy(answer: Answer, judged: Judged, stages: Stages): Promise<Admitted> {
  if (answer.admitted === null) {
    if (judged.estimateSource === 'cap') throw new CapNotAdmitted(judged.waitedMs ?? 0);
    throw await refusedByBudget(judged, answer.refusal, null, stages);
  }
  if (!judged.gone.aborted) return answer.admitted;
  await settle(answer.admitted, { kind: 'not run', errorReason: 'client gone' }, stages);
  throw clientGone(judged);
}

async function notLetIn(
  { end, account }: Exclude<PassOutcome<Answer>, { end: 'answered' }>,
  judged: Judged,
  coverages: readonly Coverage[],
  stages: Stages,
): Promise<Error> {
  if (end === 'gone') return clientGone(judged);
  if (end === 'closed') return unavailable(judged, 'stopping', phrasesIn(judged.team.language)('stopping'));
  // In line behind others it may never have asked the budgets; if it has, their answer may be out of date.
  const balances = await balancesOf(judged, coverages, stages);
  const balance = balances.find((one) => accountId(one) === account);
  if (balance === undefined) throw new Error(`unreachable: ${account} covers no such query`);
  const refusal = { reserved: false, balance, asked: 1n, balances } as const;
  return refusedByBudget(judged, refusal, end === 'line full' ? 'full' : 'too long', stages);
}

async function balancesOf(judged: Judged, coverages: readonly Coverage[], { budgets, metrics }: Stages) {
  try {
    return await budgets.balances(coverages, Date.now());
  } catch (error) {
    metrics.ledgerErrors.inc({ operation: 'balances' });
    throw ledgerFailed(judged, error);
  }
}

function refusedByBudget(
  judged: Judged,
  { balance, asked, balances }: BudgetRefusal,
  waited: 'full' | 'too long' | null,
  stages: Stages,
): Promise<Refused> {
  const { whenExceeded } = balance.budget;
  const only = typeof whenExceeded === 'string' ? [] : whenExceeded.only;
  const matchedRules = judged.verdict.hits.filter(({ rule }) => only.includes(rule));
  return refused(
    judged,
    { cause: { by: 'budget', balance, requested: asked, waited, matchedRules }, balances },
    stages,
  );
}

/** Asks the budgets, largest request first. */
async function askFor(judged: Judged, coverages: readonly Coverage[], stages: Stages): Promise<Answer> {
  const askings = askingsOf(judged);
  for (const [index, asking] of askings.entries()) {
    const admitted = admittedWith(judged, asking, coverages);
    const outcome = await enterAdmission(admitted, stages);
    if (outcome.reserved) return { admitted };
    if (index === askings.length - 1 || isWaitedFor(outcome.balance))
      return { admitted: null, refusal: outcome };
  }
  throw new Error('unreachable: the last amount tried is the least');
}

function admittedWith(judged: Judged, { spend, cap }: Asking, coverages: readonly Coverage[]): Admitted {
  const decision = decisionOn(judged, 'admitted', { cause: null, cap });
  return { ...judged, reserved: spend, coverages, cap, admittedAt: performance.now(), decision };
}

async function enterAdmission(admitted: Admitted, stages: Stages): Promise<ReserveOutcome> {
  try {
    return await stages.books.admit({
      reservation: {
        decisionId: admitted.id,
        atMs: admitted.atMs,
        coverages: admitted.coverages,
        rulesHeld: admitted.verdict.hits.map(({ rule }) => rule),
        pricing: admitted.policy.pricingAt(admitted.atMs),
        spend: admitted.reserved,
        expiresAtMs: admitted.atMs + stages.settleTimeoutMs,
        replica: stages.replica,
      },
      decision: admitted.decision,
    });
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'reserve' });
    stages.log.error(
      { err: error, decision: admitted.id },
      'a query could not be paid for: the ledger failed',
    );
    throw ledgerFailed(admitted, error);
  }
}

function ledgerFailed(judged: Judged, error: unknown): Failed {
  return unavailable(judged, 'ledger', phrasesIn(judged.team.language)('ledgerFailed'), error);
}

function unavailable(judged: Judged, cause: string, message: string, error?: unknown): Failed {
  const answer: StopAnswer = {
    from: 'guardrail',
    content: { status: 503, reason: 'backendError', message },
  };
  return new Failed(decisionOn(judged, 'failed', { cause, cap: null }), answer, { cause: error });
}

/** Nobody reads the answer; the decision says what happened to the query. */
function clientGone(judged: Judged): Failed {
  return unavailable(judged, 'client gone', 'The client hung up before the query could run.');
}
