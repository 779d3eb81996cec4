import { dayAt } from '../../../src/foundation/calendar/days.ts';
import type { DecisionRecord } from '../../../src/records/decisions/decision-record.ts';
import { didRun } from '../../../src/records/did-run.ts';
import { ZONE } from './drafts.ts';
import { type Micros, microsBy } from './month-figures.ts';

/** What refusals saved, by currency and team: each query's lowest estimate of a day, minus what it came to later that day. */
export function expectedSavings(records: readonly DecisionRecord[]): Micros {
  const refused = records.filter(({ outcome }) => outcome === 'refused');
  const needs = Map.groupBy(refused, needOf);
  const saved = [...needs.values()].map((attempts) => {
    const [first] = attempts;
    if (first?.estimatedCost == null) throw new Error('every refused query of this month has an estimate');
    const { currency } = first.estimatedCost;
    const estimates = attempts.flatMap(({ estimatedCost }) =>
      estimatedCost?.currency === currency ? [estimatedCost.micros] : [],
    );
    const least = estimates.reduce((a, b) => (a < b ? a : b));
    const paid = records.flatMap((record) =>
      record.atMs > first.atMs && needOf(record) === needOf(first) && hasCome(record)
        ? [record.settlement.cost]
        : [],
    );
    // What was paid in another currency cannot be subtracted, and then nothing counts as saved.
    const most = paid.reduce((a, cost) => max(a, cost.currency === currency ? cost.micros : least), 0n);
    return { currency, team: first.caller.team, micros: max(least - most, 0n) };
  });
  return microsBy(
    saved,
    ({ currency, team }) => [currency, team],
    ({ micros }) => micros,
  );
}

function needOf({ reading, caller, atMs }: DecisionRecord): string {
  return JSON.stringify([reading.fingerprint, caller.person, dayAt(atMs, ZONE).day]);
}

type Settled = DecisionRecord & { readonly settlement: NonNullable<DecisionRecord['settlement']> };

/** Whether it ran, and did not fail for nothing. */
function hasCome(record: DecisionRecord): record is Settled {
  const { settlement } = record;
  if (settlement === null || !didRun(settlement)) return false;
  return settlement.errorReason === null || settlement.bytesBilled > 0n;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
