import { describe, expect, test } from 'vitest';
import { PRICING, policyOf, policyWithRules } from './builders.ts';

/** The budgets that these entries load as. */
function budgetsOf(...entries: readonly string[]) {
  const list = entries.map((entry, index) => `  - { name: b${index}, ${entry} }\n`).join('');
  return policyOf({ 'a.yaml': `${PRICING}budgets:\n${list}` }).budgets;
}

describe('a budget', () => {
  test('refuses when exceeded, counts in UTC and has no warning thresholds by default', () => {
    expect(budgetsOf('team: unassigned, window: day, limit: 1 GiB')).toEqual([
      {
        name: 'b0',
        subject: { team: 'unassigned' },
        per: null,
        window: 'day',
        timeZone: 'UTC',
        limit: { measure: 'bytes', bytes: 1n << 30n },
        whenExceeded: 'deny',
        warnAt: [],
        queue: { length: 0, waitMs: 0 },
        contact: null,
        teamContacts: [],
        source: { file: 'policies/a.yaml', line: 9, column: 5 },
      },
    ]);
  });

  test('is for the whole organisation, or for the queries that match all its selectors', () => {
    const subjects = budgetsOf(
      'organisation: true, window: month, limit: 5000 USD',
      'principal: "*@x.example", person: 12, dashboard: Vendas do dia, card: 7, project: "etl-*", tool: metabase, window: hour, limit: 1 B',
      'per: dashboard, window: week, limit: 1 B',
    ).map(({ subject, per }) => ({ subject, per }));

    expect(subjects).toEqual([
      { subject: {}, per: null },
      {
        subject: {
          principal: '*@x.example',
          person: '12',
          dashboard: 'Vendas do dia',
          card: '7',
          project: 'etl-*',
          tool: 'metabase',
        },
        per: null,
      },
      { subject: {}, per: 'dashboard' },
    ]);
  });

  test('has a calendar window, a rolling window of hours, or the window "now" for queries at once', () => {
    const windows = ['hour', 'day', 'week', 'month', 'rolling 1h', '"rolling 744 h"'].map(
      (window) => `per: team, limit: 1 B, window: ${window}`,
    );

    expect(budgetsOf(...windows, 'per: team, limit: 4 at once').map(({ window }) => window)).toEqual([
      'hour',
      'day',
      'week',
      'month',
      'rolling-1h',
      'rolling-744h',
      'now',
    ]);
  });

  test('of queries at once has a queue with a default length and a default wait', () => {
    const queues = [
      '',
      ', queue: { length: 0 }',
      ', queue: { wait: 2 min }',
      ', queue: { length: 5, wait: 1s }',
      ', queue: { length: 1000, wait: 10 min }',
    ];

    expect(
      budgetsOf(...queues.map((queue) => `per: team, limit: 4 at once${queue}`)).map(({ queue }) => queue),
    ).toEqual([
      { length: 20, waitMs: 30_000 },
      { length: 0, waitMs: 30_000 },
      { length: 20, waitMs: 120_000 },
      { length: 5, waitMs: 1_000 },
      { length: 1000, waitMs: 600_000 },
    ]);
  });

  test('sorts its warning thresholds in ascending order', () => {
    const [budget] = budgetsOf('per: team, window: day, limit: 1 B, warn_at: [100%, 1%, 1000%, 50%]');
    expect(budget?.warnAt).toEqual([1, 50, 100, 1000]);
  });

  test('can be limited to refusing only queries that certain rules match', () => {
    const policy = policyWithRules(`  - { name: star, mode: audit, when: query.star }
budgets:
  - { name: b, team: finops, window: day, limit: 1 B, when_exceeded: { only: [star] } }
`);
    expect(policy.budgets[0]?.whenExceeded).toEqual({ only: ['star'] });
  });
});
