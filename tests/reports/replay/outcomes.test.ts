import { describe, expect, test } from 'vitest';
import {
  outcomeUnder,
  type PastQuery,
  pastOutcome,
  type ReplayVerdict,
} from '../../../src/reports/replay/outcomes.ts';
import { createReplay } from '../../../src/reports/replay/replay.ts';
import { decision } from '../../records/builders.ts';
import { hit } from './month.ts';

const past = (changes: Partial<PastQuery> = {}): PastQuery => ({
  ...decision({ hits: [] }),
  settlement: null,
  ...changes,
});

const now = (changes: Partial<ReplayVerdict> = {}): ReplayVerdict => ({
  team: 'atendimento',
  hits: [],
  refusedByBudget: null,
  estimatedCost: { currency: 'USD', micros: 60n },
  basis: 'sql',
  doubts: [],
  ...changes,
});

function replayOf(query: PastQuery, verdict: ReplayVerdict | null) {
  const replay = createReplay({ dayOf: () => '2026-11-24', maskedSql: () => '' });
  replay.add(query, verdict);
  return replay.result();
}

test.each([
  ['nothing for a query that the ledger failed, although it was priced', past({ outcome: 'failed' }), null],
  ['nothing for a query that was not priced', past({ estimate: null }), null],
  ['a refusal by a rule', past({ outcome: 'refused', hits: [hit('r', 'deny')] }), 'refused by a rule'],
  ['a refusal by a budget', past({ outcome: 'refused', hits: [hit('r', 'warn')] }), 'refused by a budget'],
  ['a warning', past({ hits: [hit('r', 'warn')] }), 'warned'],
  ['an admission', past({ hits: [hit('r', 'audit')] }), 'admitted'],
])('what became of a past query is %s', (_what, query, outcome) => {
  expect(pastOutcome(query)).toBe(outcome);
});

describe('of a query for which the verdict of a rule is not known, the outcome', () => {
  const doubt = (atMost: 'audit' | 'warn' | 'deny') => [{ rule: 'unsure', atMost }];

  test.each([
    ['is unknown if that rule could refuse it', now({ doubts: doubt('deny') }), 'unknown'],
    [
      'is unknown even if that rule seems to refuse it',
      now({ doubts: doubt('deny'), hits: [hit('unsure', 'deny')] }),
      'unknown',
    ],
    [
      'is a refusal if another rule refuses it',
      now({ doubts: doubt('deny'), hits: [hit('sure', 'deny')] }),
      'refused by a rule',
    ],
    ['is unknown if that rule could warn', now({ doubts: doubt('warn') }), 'unknown'],
    [
      'is a warning if another rule warns',
      now({ doubts: doubt('warn'), hits: [hit('sure', 'warn')] }),
      'warned',
    ],
    [
      'is a refusal if a budget refuses it, whether that rule warns or not',
      now({ doubts: doubt('warn'), refusedByBudget: 'day' }),
      'refused by a budget',
    ],
    ['is known if that rule only watches', now({ doubts: doubt('audit') }), 'admitted'],
  ])('%s', (_what, verdict, outcome) => {
    expect(outcomeUnder(verdict)).toBe(outcome);
  });

  test('is in no change, and a hit of that rule counts as unknown', () => {
    const refusedThen = past({ outcome: 'refused', hits: [hit('unsure', 'deny')], cause: 'unsure' });

    const { changes, outcomes, hits, coverage } = replayOf(refusedThen, now({ doubts: doubt('deny') }));

    expect(changes['newly admitted'].all.queries).toBe(0);
    expect(outcomes['refused by a rule'].unknown).toBe(1);
    expect(hits[0]?.after).toEqual({ audit: 0, warn: 0, deny: 0, exempt: 0, unknown: 1 });
    expect(coverage.lackingBackground).toBe(1);
  });
});

describe('a replay', () => {
  test('counts what failed and what bypassed guardrail apart, and judges neither', () => {
    const failed = replayOf(past({ outcome: 'failed' }), null);
    const unguarded = replayOf(past({ outcome: 'unguarded', estimate: null }), null);

    expect(failed.coverage).toMatchObject({ decisions: 1, bySql: 0, failed: 1, unguarded: 0 });
    expect(unguarded.coverage).toMatchObject({ decisions: 1, bySql: 0, failed: 0, unguarded: 1 });
  });

  test('counts a hit that an exemption eased as exempt, and not by its mode', () => {
    const { source } = hit('r', 'audit');
    const eased = { by: 'exemption', owner: 'ana', reason: 'closing', until: '2026-12-01', source } as const;
    const exempt = { ...hit('r', 'audit'), eased: { ...eased, wouldBe: 'deny' } } as const;

    expect(replayOf(past(), now({ hits: [exempt] })).hits).toEqual([
      {
        rule: 'r',
        before: { audit: 0, warn: 0, deny: 0, exempt: 0, unknown: 0 },
        after: { audit: 0, warn: 0, deny: 0, exempt: 1, unknown: 0 },
      },
    ]);
  });
});
