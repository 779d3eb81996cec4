import { DAY_MS } from '../../foundation/calendar/durations.ts';
import type { RuleInForce } from '../../policy/policy.ts';
import type { RuleUse } from '../../records/uses/rule-uses.ts';

/** What a rule would refuse if its mode were deny. */
interface WouldRefuse {
  readonly queries: number;
  /** Distinct callers. */
  readonly people: number;
  /** According to their dry runs, as with the rest. */
  readonly bytesBilled: bigint;
  readonly costs: ReadonlyMap<string, bigint>;
}

/** Queries by what a rule did to them. */
type ByMode = Readonly<Record<'deny' | 'warn' | 'audit' | 'exempt', number>>;

/** The last seven and the last thirty days, including the running one. */
interface Spans<T> {
  readonly week: T;
  readonly month: T;
}

/** What a rule's condition held for. */
export interface RuleHits {
  readonly rule: RuleInForce;
  readonly wouldRefuse: Spans<WouldRefuse>;
  readonly byMode: Spans<ByMode>;
}

/** What each rule of the policy held for, in the order of the files. */
export function ruleHitsOf(
  rules: readonly RuleInForce[],
  uses: readonly RuleUse[],
  nowMs: number,
): readonly RuleHits[] {
  const byRule = Map.groupBy(uses, ({ rule }) => rule);
  const today = nowMs - (nowMs % DAY_MS);
  return rules.map((rule) => {
    const month = byRule.get(rule.name) ?? [];
    const week = month.filter(({ dayMs }) => dayMs > today - 7 * DAY_MS);
    return {
      rule,
      wouldRefuse: { week: wouldRefuse(week), month: wouldRefuse(month) },
      byMode: { week: byMode(week), month: byMode(month) },
    };
  });
}

/** Everything that it let pass, except what somebody exempted: that stays exempt in any mode. */
function wouldRefuse(uses: readonly RuleUse[]): WouldRefuse {
  const passed = uses.filter(({ mode, heldBackBy }) => mode !== 'deny' && heldBackBy !== 'exemption');
  const costs = new Map<string, bigint>();
  for (const { costMicros } of passed) {
    for (const [currency, micros] of costMicros) costs.set(currency, (costs.get(currency) ?? 0n) + micros);
  }
  return {
    queries: sumOf(passed),
    people: new Set(passed.flatMap(({ people }) => people)).size,
    bytesBilled: passed.reduce((sum, { bytesBilled }) => sum + bytesBilled, 0n),
    costs,
  };
}

function byMode(uses: readonly RuleUse[]): ByMode {
  const exempt = uses.filter(({ heldBackBy }) => heldBackBy === 'exemption');
  const others = uses.filter(({ heldBackBy }) => heldBackBy !== 'exemption');
  const of = (mode: RuleUse['mode']) => sumOf(others.filter((use) => use.mode === mode));
  return { deny: of('deny'), warn: of('warn'), audit: of('audit'), exempt: sumOf(exempt) };
}

function sumOf(uses: readonly RuleUse[]): number {
  return uses.reduce((sum, { queries }) => sum + queries, 0);
}
