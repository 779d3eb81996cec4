import type { RuleHit } from '../../vocabulary/policy.ts';
import {
  type ChangeKind,
  causesOf,
  changeFrom,
  changeKinds,
  type OutcomeNow,
  outcomesNow,
  outcomeUnder,
  type PastQuery,
  pastOutcome,
  type ReplayOutcome,
  type ReplayVerdict,
  replayOutcomes,
  sureHits,
} from './outcomes.ts';
import {
  type ChangeSum,
  type Dimension,
  dimensions,
  type HitMode,
  hitModes,
  type ReplayCoverage,
  type ReplayReport,
  type Row,
  type RuleHitCounts,
} from './report.ts';
import { addToTally, EMPTY_TALLY, higherAmounts, type QueryAmount, type Tally } from './tally.ts';

/** How past queries are grouped. */
export interface ReplayGrouping {
  /** The day of an instant, `2026-11-24`. */
  dayOf(atMs: number): string;
  /** SQL without its literals; empty if none is kept. */
  maskedSql(past: PastQuery): string;
}

/** Takes in past queries, and says what would have changed for them. */
export interface Replay {
  /** @param now other policies' verdict on it; null for one that was not judged at the time */
  add(past: PastQuery, now: ReplayVerdict | null): void;
  result(): Pick<ReplayReport, 'coverage' | 'outcomes' | 'changes' | 'rows' | 'hits'>;
}

/** One change of one query. */
interface QueryChange {
  readonly kind: ChangeKind;
  readonly amount: QueryAmount;
  readonly isSettled: boolean;
  readonly past: PastQuery;
  readonly now: ReplayVerdict;
}

export function createReplay({ dayOf, maskedSql }: ReplayGrouping): Replay {
  const coverage = { decisions: 0, bySql: 0, byRecord: 0, lackingBackground: 0, failed: 0, unguarded: 0 };
  const counts = recordOf(replayOutcomes, () => recordOf(outcomesNow, () => 0));
  const changes = recordOf(changeKinds, () => createChangeSum(dayOf));
  const rows = createRows(maskedSql);
  const hits = new Map<string, RuleHitCounts>();

  function add(past: PastQuery, now: ReplayVerdict | null): void {
    coverage.decisions += 1;
    const before = pastOutcome(past);
    if (before === null || now === null) {
      coverage[past.outcome === 'unguarded' ? 'unguarded' : 'failed'] += 1;
      return;
    }
    coverage[now.basis === 'sql' ? 'bySql' : 'byRecord'] += 1;
    if (now.doubts.length > 0) coverage.lackingBackground += 1;
    countHits(hits, 'before', past.hits);
    countHits(hits, 'after', sureHits(now));
    for (const { rule } of now.doubts) countHit(hits, 'after', { rule, effect: 'unknown' });
    const after = outcomeUnder(now);
    counts[before][after] += 1;
    const kind = changeFrom(before, after);
    if (kind === null) return;
    const change = { kind, past, now, ...amountOf(past, now) };
    changes[kind].add(change);
    rows.add(change);
  }

  return {
    add,
    result: () => ({
      coverage: coverage satisfies ReplayCoverage,
      outcomes: counts satisfies Record<ReplayOutcome, Record<OutcomeNow, number>>,
      changes: recordOf(changeKinds, (kind) => changes[kind].sum()),
      rows: rows.all(),
      hits: [...hits.values()].toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
    }),
  };
}

/** What a query was billed; for a refused one, what it would have been expected to be billed. */
function amountOf(past: PastQuery, now: ReplayVerdict): Pick<QueryChange, 'amount' | 'isSettled'> {
  const { settlement, estimate, outcome } = past;
  if (outcome === 'refused') {
    return { amount: { bytes: estimate?.bytesBilled ?? 0n, cost: now.estimatedCost }, isSettled: true };
  }
  if (settlement === null) {
    return { amount: { bytes: 0n, cost: { ...now.estimatedCost, micros: 0n } }, isSettled: false };
  }
  return { amount: { bytes: settlement.bytesBilled, cost: settlement.cost }, isSettled: true };
}

function createChangeSum(dayOf: (atMs: number) => string) {
  let all = EMPTY_TALLY;
  let unsettled = 0;
  const mostExpensive = new Map<string, QueryAmount>();
  const persons = new Set<string>();
  return {
    add({ amount, isSettled, past }: QueryChange): void {
      all = addToTally(all, amount);
      if (!isSettled) unsettled += 1;
      const { tool, principal, person } = past.caller;
      const callerKey = JSON.stringify([tool, principal, person]);
      persons.add(callerKey);
      const dailyKey = JSON.stringify([dayOf(past.atMs), past.reading.fingerprint, callerKey]);
      const before = mostExpensive.get(dailyKey);
      mostExpensive.set(dailyKey, before === undefined ? amount : higherAmounts(before, amount));
    },
    sum: (): ChangeSum => ({
      all,
      once: [...mostExpensive.values()].reduce<Tally>(addToTally, EMPTY_TALLY),
      persons: persons.size,
      unsettled,
    }),
  };
}

/** The changes by each key that they have. */
function createRows(maskedSql: ReplayGrouping['maskedSql']) {
  const rows = recordOf(dimensions, () => new Map<string | null, Row>());

  function addTo(dimension: Dimension, name: string | null, { kind, amount, past }: QueryChange): void {
    const row = rows[dimension].get(name) ?? newRow(name, dimension === 'fingerprint' ? maskedSql(past) : '');
    const tally = addToTally(row.changes[kind], amount);
    rows[dimension].set(name, { ...row, changes: { ...row.changes, [kind]: tally } });
  }

  return {
    add(change: QueryChange): void {
      for (const dimension of dimensions) {
        for (const name of namesIn(dimension, change)) addTo(dimension, name, change);
      }
    },
    all: (): ReplayReport['rows'] =>
      recordOf(dimensions, (dimension) => mostChangedFirst([...rows[dimension].values()])),
  };
}

function namesIn(dimension: Dimension, { kind, past, now }: QueryChange): readonly (string | null)[] {
  const { tool, person, principal, dashboard } = past.caller;
  switch (dimension) {
    case 'rule':
      return causesOf(kind, past, now);
    case 'team':
      return [now.team];
    case 'person':
      return [person === null ? principal : `${tool ?? ''}:${person}`];
    case 'dashboard':
      return [dashboard === null ? null : `${tool ?? ''}:${dashboard}`];
    case 'fingerprint':
      return [past.reading.fingerprint];
  }
}

function newRow(name: string | null, sql: string): Row {
  return { name, changes: recordOf(changeKinds, () => EMPTY_TALLY), sql: sql === '' ? null : sql };
}

function mostChangedFirst(rows: readonly Row[]): readonly Row[] {
  const changeCount = ({ changes }: Row) => changeKinds.reduce((sum, kind) => sum + changes[kind].queries, 0);
  return rows.toSorted(
    (a, b) => changeCount(b) - changeCount(a) || ((a.name ?? '') < (b.name ?? '') ? -1 : 1),
  );
}

function countHits(
  counts: Map<string, RuleHitCounts>,
  when: 'before' | 'after',
  hits: readonly RuleHit[],
): void {
  for (const { rule, mode, eased } of hits) {
    countHit(counts, when, { rule, effect: eased?.by === 'exemption' ? 'exempt' : mode });
  }
}

function countHit(
  counts: Map<string, RuleHitCounts>,
  when: 'before' | 'after',
  { rule, effect }: { readonly rule: string; readonly effect: HitMode },
): void {
  const none = () => recordOf(hitModes, () => 0);
  const count = counts.get(rule) ?? { rule, before: none(), after: none() };
  counts.set(rule, { ...count, [when]: { ...count[when], [effect]: count[when][effect] + 1 } });
}

function recordOf<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  // Object.fromEntries does not know that every key is there.
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}
