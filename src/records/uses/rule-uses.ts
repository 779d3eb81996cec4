import { z } from 'zod';
import { dayAt } from '../../foundation/calendar/days.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { type Slice, slicesOf } from '../../ledger/statements/slices.ts';
import type { RuleHit, RuleMode } from '../../vocabulary/policy.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { decisionDetails } from '../decisions/decision-record.ts';

/** What a rule did, on one day, to the queries for which it held. */
export interface RuleUse {
  readonly rule: string;
  /** The start of the day, in UTC. */
  readonly dayMs: number;
  /** What it did. */
  readonly mode: RuleMode;
  /** What held it back; null if it did all that its mode says. */
  readonly heldBackBy: 'date' | 'roll-out' | 'exemption' | null;
  readonly queries: number;
  /** According to their dry runs. */
  readonly bytesBilled: bigint;
  /** By the currency of their estimates. */
  readonly costMicros: ReadonlyMap<string, bigint>;
  /** Distinct persons, as their tools name them; accounts if no person is named. */
  readonly people: readonly string[];
}

const hitsOnly = z.object({ hits: decisionDetails.shape.hits });

/** A use that is still being added up. */
interface Sum extends Omit<RuleUse, 'queries' | 'bytesBilled' | 'costMicros' | 'people'> {
  queries: number;
  bytesBilled: bigint;
  readonly costMicros: Map<string, bigint>;
  readonly people: Set<string>;
}

/** What rules held for, by rule, day and effect. @throws LedgerError */
export async function ruleUses(db: LedgerReader, range: TimeSpan): Promise<readonly RuleUse[]> {
  const sums = new Map<string, Sum>();
  for await (const slice of slicesOf(db, 'decisions', range, { timeZone: 'UTC' })) {
    const { startMs: dayMs } = dayAt(Number(slice.fromMs), 'UTC');
    for (const row of await rowsWithHits(db, slice)) {
      for (const hit of hitsOnly.parse(JSON.parse(row.details)).hits) addTo(sumOf(sums, hit, dayMs), row);
    }
  }
  return [...sums.values()].map((sum) => ({ ...sum, people: [...sum.people] }));
}

type Row = Awaited<ReturnType<typeof rowsWithHits>>[number];

function rowsWithHits(db: LedgerReader, { fromMs, toMs }: Slice) {
  return db
    .selectFrom('decisions')
    .select(['details', 'tool', 'person', 'principal'])
    .select(['estimated_bytes_billed', 'estimated_cost_micros', 'estimated_currency'])
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', toMs)
    .where('details', 'not like', '%"hits":[]%')
    .execute();
}

function sumOf(sums: Map<string, Sum>, { rule, mode, eased }: RuleHit, dayMs: number): Sum {
  const heldBackBy = eased?.by ?? null;
  const key = JSON.stringify([rule, dayMs, mode, heldBackBy]);
  const sum = sums.get(key) ?? {
    rule,
    dayMs,
    mode,
    heldBackBy,
    queries: 0,
    bytesBilled: 0n,
    costMicros: new Map<string, bigint>(),
    people: new Set<string>(),
  };
  sums.set(key, sum);
  return sum;
}

function addTo(sum: Sum, row: Row): void {
  const { estimated_currency: currency, estimated_cost_micros: micros } = row;
  sum.queries += 1;
  sum.bytesBilled += row.estimated_bytes_billed ?? 0n;
  sum.people.add(row.person === null ? (row.principal ?? '') : `${row.tool ?? ''}:${row.person}`);
  if (currency === null || micros === null) return;
  sum.costMicros.set(currency, (sum.costMicros.get(currency) ?? 0n) + micros);
}
