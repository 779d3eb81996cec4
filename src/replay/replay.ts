import type { RuleHit } from '../vocabulary/policy.ts';
import {
  type ChangeKind,
  causesOf,
  changeFrom,
  changeKinds,
  fateOf,
  fates,
  fateUnder,
  type PastQuery,
  type QueryFate,
  type Rejudged,
} from './fates.ts';
import {
  type ChangeSum,
  type Dimension,
  dimensions,
  type HitMode,
  hitModes,
  type Replayed,
  type ReplayReport,
  type Row,
  type RuleHitCounts,
} from './report.ts';
import { dearer, NOTHING, type QueryAmount, type Tally, tallied } from './tally.ts';

/** How past queries are grouped. */
export interface Telling {
  /** The day of an instant, `2026-11-24`. */
  dayOf(atMs: number): string;
  /** SQL without its literals; empty if none is kept. */
  maskedSql(past: PastQuery): string;
}

/** Takes in past queries, and says what would have changed for them. */
export interface Replay {
  /** @param now other policies' verdict on it; null for one that was not judged at the time */
  take(past: PastQuery, now: Rejudged | null): void;
  result(): Pick<ReplayReport, 'coverage' | 'fates' | 'changes' | 'rows' | 'hits'>;
}

/** One change of one query. */
interface Changed {
  readonly kind: ChangeKind;
  readonly amount: QueryAmount;
  readonly isSettled: boolean;
  readonly past: PastQuery;
  readonly now: Rejudged;
}

export function createReplay({ dayOf, maskedSql }: Telling): Replay {
  const coverage = { decisions: 0, bySql: 0, byRecord: 0, lackingBackground: 0, failed: 0, unguarded: 0 };
  const counts = recordOf(fates, () => recordOf(fates, () => 0));
  const changes = recordOf(changeKinds, () => createChange(dayOf));
  const rows = recordOf(dimensions, () => new Map<string | null, Row>());
  const hits = new Map<string, RuleHitCounts>();

  function take(past: PastQuery, now: Rejudged | null): void {
    coverage.decisions += 1;
    const then = fateOf(past);
    if (then === null || now === null) {
      coverage[past.outcome === 'unguarded' ? 'unguarded' : 'failed'] += 1;
      return;
    }
    coverage[now.basis === 'sql' ? 'bySql' : 'byRecord'] += 1;
    if (now.lacksBackground) coverage.lackingBackground += 1;
    countHits(hits, 'before', past.hits);
    countHits(hits, 'after', now.hits);
    const fate = fateUnder(now);
    counts[then][fate] += 1;
    const kind = changeFrom(then, fate);
    if (kind !== null) takeChange({ kind, past, now, ...amountOf(past, now) });
  }

  function takeChange(changed: Changed): void {
    changes[changed.kind].take(changed);
    for (const dimension of dimensions) {
      for (const name of namesIn(dimension, changed)) {
        const row =
          rows[dimension].get(name) ??
          newRow(name, dimension === 'fingerprint' ? maskedSql(changed.past) : '');
        const tally = tallied(row.changes[changed.kind], changed.amount);
        rows[dimension].set(name, { ...row, changes: { ...row.changes, [changed.kind]: tally } });
      }
    }
  }

  return {
    take,
    result: () => ({
      coverage: coverage satisfies Replayed,
      fates: counts satisfies Record<QueryFate, Record<QueryFate, number>>,
      changes: recordOf(changeKinds, (kind) => changes[kind].sum()),
      rows: recordOf(dimensions, (dimension) => mostChangedFirst([...rows[dimension].values()])),
      hits: [...hits.values()].toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
    }),
  };
}

/** What a query was billed; for a refused one, what it would have been expected to be billed. */
function amountOf(past: PastQuery, now: Rejudged): Pick<Changed, 'amount' | 'isSettled'> {
  const { settlement, estimate, outcome } = past;
  if (outcome === 'refused') {
    return { amount: { bytes: estimate?.bytesBilled ?? 0n, cost: now.estimatedCost }, isSettled: true };
  }
  if (settlement === null) {
    return { amount: { bytes: 0n, cost: { ...now.estimatedCost, micros: 0n } }, isSettled: false };
  }
  return { amount: { bytes: settlement.bytesBilled, cost: settlement.cost }, isSettled: true };
}

function createChange(dayOf: (atMs: number) => string) {
  let all = NOTHING;
  let unsettled = 0;
  const dearest = new Map<string, QueryAmount>();
  const persons = new Set<string>();
  return {
    take({ amount, isSettled, past }: Changed): void {
      all = tallied(all, amount);
      if (!isSettled) unsettled += 1;
      const { tool, principal, person } = past.caller;
      const asker = JSON.stringify([tool, principal, person]);
      persons.add(asker);
      const question = JSON.stringify([dayOf(past.atMs), past.reading.fingerprint, asker]);
      const before = dearest.get(question);
      dearest.set(question, before === undefined ? amount : dearer(before, amount));
    },
    sum: (): ChangeSum => ({
      all,
      once: [...dearest.values()].reduce<Tally>(tallied, NOTHING),
      persons: persons.size,
      unsettled,
    }),
  };
}

function namesIn(dimension: Dimension, { kind, past, now }: Changed): readonly (string | null)[] {
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
  return { name, changes: recordOf(changeKinds, () => NOTHING), sql: sql === '' ? null : sql };
}

function mostChangedFirst(rows: readonly Row[]): readonly Row[] {
  const changed = ({ changes }: Row) => changeKinds.reduce((sum, kind) => sum + changes[kind].queries, 0);
  return rows.toSorted((a, b) => changed(b) - changed(a) || ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

function countHits(
  counts: Map<string, RuleHitCounts>,
  when: 'before' | 'after',
  hits: readonly RuleHit[],
): void {
  for (const { rule, mode, eased } of hits) {
    const none = () => recordOf(hitModes, () => 0);
    const count = counts.get(rule) ?? { rule, before: none(), after: none() };
    const did: HitMode = eased?.by === 'exemption' ? 'exempt' : mode;
    counts.set(rule, { ...count, [when]: { ...count[when], [did]: count[when][did] + 1 } });
  }
}

function recordOf<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  // Object.fromEntries does not know that every key is there.
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}
