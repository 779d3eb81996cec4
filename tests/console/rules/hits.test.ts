import { describe, expect, test } from 'vitest';
import { ruleHitsOf } from '../../../src/console/rules/hits.ts';
import type { RuleUse } from '../../../src/records/uses/rule-uses.ts';
import { rule } from './builders.ts';

const DAY_MS = 86_400_000;
const nowMs = Date.UTC(2026, 10, 24, 12);
const today = Date.UTC(2026, 10, 24);

const use = (changes: Partial<RuleUse> = {}): RuleUse => ({
  rule: 'large',
  dayMs: today,
  mode: 'warn',
  heldBackBy: null,
  queries: 2,
  bytesBilled: 10n,
  costMicros: new Map([['USD', 5n]]),
  people: ['metabase:1', 'metabase:2'],
  ...changes,
});

describe('the queries that a rule would refuse in mode deny', () => {
  test('are all that it matched in other modes, with each person counted once and currencies apart', () => {
    const uses = [
      use(),
      use({ dayMs: today - DAY_MS, people: ['metabase:2', 'metabase:3'] }),
      use({ dayMs: today - DAY_MS, mode: 'audit', costMicros: new Map([['BRL', 7n]]), people: [] }),
    ];

    const [hits] = ruleHitsOf([rule], uses, nowMs);

    expect(hits?.wouldRefuse.month).toEqual({
      queries: 6,
      people: 3,
      bytesBilled: 30n,
      costs: new Map([
        ['USD', 10n],
        ['BRL', 7n],
      ]),
    });
  });

  test('do not include those already refused or exempted', () => {
    const uses = [use({ mode: 'deny' }), use({ mode: 'audit', heldBackBy: 'exemption' })];

    const [hits] = ruleHitsOf([rule], uses, nowMs);

    expect(hits?.wouldRefuse.month.queries).toBe(0);
    expect(hits?.byMode.month).toEqual({ deny: 2, warn: 0, audit: 0, exempt: 2 });
  });

  test('are also counted for the last seven days, including today', () => {
    const uses = [use(), use({ dayMs: today - 6 * DAY_MS }), use({ dayMs: today - 7 * DAY_MS })];

    const [hits] = ruleHitsOf([rule], uses, nowMs);

    expect([hits?.wouldRefuse.week.queries, hits?.wouldRefuse.month.queries]).toEqual([4, 6]);
  });
});
