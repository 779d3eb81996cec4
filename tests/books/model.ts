import type { Budget } from '../../src/vocabulary/budget.ts';
import type { SettlementSource } from '../../src/vocabulary/decision.ts';

/** The free bytes of a month; each byte beyond costs one micro. */
export const FREE_BYTES = 500n;

/** A part of the model's one rolling window, of two hours. */
const PART_MS = 120_000;

/** What a query reserves: bytes, and as many micros of a dollar and slot-milliseconds. */
export interface ModelRequest {
  readonly id: string;
  readonly bytes: bigint;
  readonly budgets: readonly Budget[];
  readonly account: string;
  readonly rulesHeld: readonly string[];
  readonly atMs: number;
  readonly regardless: boolean;
}

/** How it was settled. */
export interface ModelSettlement {
  readonly id: string;
  readonly bytes: bigint;
  readonly job: string | null;
  readonly source: SettlementSource;
}

export interface GivenGrant {
  readonly budget: string;
  readonly amount: bigint;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The latest settlement of a decision. */
interface ModelVersion extends ModelSettlement {
  readonly version: number;
  readonly free: bigint;
}

/** A simple model of the books: it keeps only requests and settlements, and sums up everything else. */
export class Model {
  readonly admitted = new Map<string, ModelRequest>();
  readonly standing = new Map<string, ModelVersion>();
  readonly placesGivenBack = new Set<string>();
  readonly grants: GivenGrant[] = [];
  readonly journal: string[] = [];
  readonly #payers = new Map<string, Set<string>>();
  /** Decisions whose budgets were charged; one settled before its admission is charged when it settles again. */
  readonly #charged = new Set<string>();

  /** Whether the query is admitted; null when the request is an error. */
  admit(request: ModelRequest): boolean | null {
    const earlier = this.admitted.get(request.id);
    if (earlier !== undefined)
      return isSameRequest(earlier, request) && !this.#charged.has(request.id) ? true : null;
    if (!request.budgets.every((budget) => this.#fits(request, budget))) return false;
    this.admitted.set(request.id, request);
    this.journal.push(`decision ${request.id}`);
    return true;
  }

  settle(request: ModelSettlement): ModelVersion {
    if (this.admitted.has(request.id)) this.#charged.add(request.id);
    const before = this.standing.get(request.id);
    if (request.source === 'not run' && before === undefined && !this.admitted.has(request.id)) {
      return { ...request, version: 1, free: 0n };
    }
    const payers = (request.job !== null && this.#payers.get(request.job)) || new Set<string>();
    const isPaid = payers.size > 0 && !payers.has(request.id);
    const settlement: ModelSettlement = isPaid ? { ...request, bytes: 0n, source: 'repeated' } : request;
    const version = versionOf(settlement, before);
    if (version === null && before !== undefined) return before;
    const free = this.#freeFor(settlement, before);
    const latest = { ...settlement, version: version ?? 1, free };
    this.standing.set(settlement.id, latest);
    this.journal.push(`settlement ${settlement.id}/${latest.version}`);
    if (settlement.job !== null && settlement.source !== 'repeated') {
      this.#payers.set(settlement.job, payers.add(settlement.id));
    }
    return latest;
  }

  balance(budget: Budget, account: string, atMs: number) {
    const all = [...this.admitted.values()]
      .filter((each) => each.budgets.includes(budget))
      .filter((each) => budget.per === null || each.account === account)
      .filter((each) => isCounted(budget, each.atMs, atMs));
    return {
      limit: limitOf(budget) + this.#granted(budget, atMs),
      used: sum(all.map((each) => this.#used(each.id, budget))),
      reserved: sum(all.map((each) => this.#reserved(each, budget))),
    };
  }

  #fits(request: ModelRequest, budget: Budget): boolean {
    if (request.regardless || !binds(budget, request.rulesHeld)) return true;
    const { limit, used, reserved } = this.balance(budget, request.account, request.atMs);
    return used + reserved + amountIn(budget, request.bytes, request.bytes, 1n) <= limit;
  }

  #used(id: string, budget: Budget): bigint {
    const latest = this.standing.get(id);
    if (latest === undefined || !this.#charged.has(id) || budget.limit.measure === 'at once') return 0n;
    return amountIn(budget, latest.bytes, latest.bytes - latest.free, didRun(latest) ? 1n : 0n);
  }

  #reserved({ id, bytes }: ModelRequest, budget: Budget): bigint {
    if (this.#charged.has(id)) return 0n;
    if (budget.limit.measure === 'at once' && this.placesGivenBack.has(id)) return 0n;
    return amountIn(budget, bytes, bytes, 1n);
  }

  #granted(budget: Budget, atMs: number): bigint {
    const inForce = this.grants.filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
    return sum(inForce.filter((grant) => grant.budget === budget.name).map(({ amount }) => amount));
  }

  /** Assumed settlements use no free bytes: they are charged at a known cost. */
  #freeFor(settlement: ModelSettlement, before: ModelVersion | undefined): bigint {
    if (settlement.source === 'assumed') return 0n;
    const others = sum([...this.standing.values()].filter((one) => one !== before).map(({ free }) => free));
    const room = FREE_BYTES - others;
    return settlement.bytes < room ? settlement.bytes : room;
  }
}

/** Whether two requests reserve the same in the same windows. */
function isSameRequest(one: ModelRequest, other: ModelRequest): boolean {
  const isSame = (budget: Budget) =>
    other.budgets.includes(budget) &&
    (budget.per === null || one.account === other.account) &&
    (!budget.window.startsWith('rolling') || partOf(one.atMs) === partOf(other.atMs));
  return (
    one.bytes === other.bytes && one.budgets.length === other.budgets.length && one.budgets.every(isSame)
  );
}

function partOf(atMs: number): number {
  return Math.floor(atMs / PART_MS);
}

/** The version of a settlement, or null when the earlier one stays. */
function versionOf(settlement: ModelSettlement, before: ModelVersion | undefined): number | null {
  if (before === undefined) {
    if (settlement.source === 'reconciled') return 2;
    return settlement.source === 'assumed' ? 0 : 1;
  }
  if (settlement.source === 'reconciled')
    return isSameSettlement(settlement, before) ? null : Math.max(2, before.version + 1);
  return before.version === 0 && settlement.source !== 'assumed' ? 1 : null;
}

function isSameSettlement(settlement: ModelSettlement, before: ModelVersion): boolean {
  return before.source !== 'assumed' && before.job === settlement.job && before.bytes === settlement.bytes;
}

function didRun({ source, job }: ModelSettlement): boolean {
  return source !== 'not run' && source !== 'repeated' && (source !== 'reconciled' || job !== null);
}

function binds({ whenExceeded }: Budget, rulesHeld: readonly string[]): boolean {
  if (typeof whenExceeded === 'string') return whenExceeded === 'deny';
  return whenExceeded.only.some((rule) => rulesHeld.includes(rule));
}

function isCounted({ window }: Budget, admittedAtMs: number, atMs: number): boolean {
  if (!window.startsWith('rolling')) return true;
  // Neither what is older than its hours, nor what a clock admitted that was further ahead than that.
  return Math.abs(partOf(admittedAtMs) - partOf(atMs)) <= 60;
}

/** One micro of a dollar is 5.4 micros of a real, rounded up. */
function amountIn({ limit }: Budget, bytes: bigint, micros: bigint, queries: bigint): bigint {
  if (limit.measure === 'money') return (micros * 54n + 9n) / 10n;
  return limit.measure === 'queries' || limit.measure === 'at once' ? queries : bytes;
}

function limitOf({ limit }: Budget): bigint {
  if (limit.measure === 'money') return limit.money.micros;
  if (limit.measure === 'bytes') return limit.bytes;
  return limit.measure === 'slot time' ? limit.slotMs : limit.queries;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n);
}
