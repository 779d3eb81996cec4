import { describe, expect, test } from 'vitest';
import { errorsIn, PRICING, policyOf, policyWithRules } from './builders.ts';

/** The budgets that a list of them loads as. */
function budgetsOf(...entries: readonly string[]) {
  const list = entries.map((entry, index) => `  - { name: b${index}, ${entry} }\n`).join('');
  return policyOf({ 'a.yaml': `${PRICING}budgets:\n${list}` }).budgets;
}

describe('a budget', () => {
  test('refuses, in UTC, and warns at no threshold unless said otherwise', () => {
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
        source: { file: 'policies/a.yaml', line: 9, column: 5 },
      },
    ]);
  });

  test('is for the whole organisation, or for what every selector fits', () => {
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

  test('has a calendar window, or one of the last hours, or none for queries at once', () => {
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

  test('of queries at once has a queue, of which each part has a default', () => {
    const queues = [
      '',
      ', queue: { length: 0 }',
      ', queue: { wait: 2 min }',
      ', queue: { length: 5, wait: 1s }',
    ];

    expect(
      budgetsOf(...queues.map((queue) => `per: team, limit: 4 at once${queue}`)).map(({ queue }) => queue),
    ).toEqual([
      { length: 20, waitMs: 30_000 },
      { length: 0, waitMs: 30_000 },
      { length: 20, waitMs: 120_000 },
      { length: 5, waitMs: 1_000 },
    ]);
  });

  test('tells its thresholds from the least on', () => {
    const [budget] = budgetsOf('per: team, window: day, limit: 1 B, warn_at: [100%, 1%, 1000%, 50%]');
    expect(budget?.warnAt).toEqual([1, 50, 100, 1000]);
  });

  test('can refuse only what certain rules catch', () => {
    const policy = policyWithRules(`  - { name: star, mode: audit, when: query.star }
budgets:
  - { name: b, team: finops, window: day, limit: 1 B, when_exceeded: { only: [star] } }
`);
    expect(policy.budgets[0]?.whenExceeded).toEqual({ only: ['star'] });
  });
});

describe('an error of a budget names its place and what was expected', () => {
  const whom =
    'organisation: true, one or more of team, principal, person, dashboard, card, project and tool, or "per"';

  test.each([
    [
      'for nobody',
      'window: day, limit: 1 B',
      `5: budget b does not say whom it is for; expected "organisation: true", ${whom.slice(20)}`,
    ],
    [
      'for all and for one',
      'organisation: true, team: finops, window: day, limit: 1 B',
      '30: budget b is for the whole organisation and for one team; expected either',
    ],
    [
      'for an organisation that is not',
      'organisation: false, window: day, limit: 1 B',
      '30: "organisation" is "false"; expected "organisation: true", or none',
    ],
    [
      'kept apart by what is no kind',
      'per: persn, window: day, limit: 1 B',
      '21: "per" is "persn"; expected one of team, principal, person, dashboard, card, project; did you mean "person"?',
    ],
    [
      'for an unknown key',
      'dashbord: x, window: day, limit: 1 B',
      '16: "dashbord" is not known here; expected one of name, organisation, team, principal, person, dashboard, card, project, tool, per, window, time_zone, limit, warn_at, when_exceeded, queue; did you mean "dashboard"?',
    ],
    [
      'for a project that cannot be',
      'project: My Project, window: day, limit: 1 B',
      '25: "project" is "My Project"; expected a project ID, or a pattern such as "etl-*"',
    ],
    [
      'without its window',
      'per: team, limit: 1 B',
      '5: "window" is missing; expected hour, day, week, month, or the last hours at any moment, 1 to 744 of them, such as "rolling 24h"',
    ],
    ...['rolling 0h', 'rolling 745h', 'rolling 1.5h', 'rolling 2d', 'now'].map((window) => [
      `over ${window}`,
      `per: team, window: ${window}, limit: 1 B`,
      `35: "window" is "${window}"; expected hour, day, week, month, or the last hours at any moment, 1 to 744 of them, such as "rolling 24h"`,
    ]),
    [
      'at once in a window',
      'per: team, window: day, limit: 4 at once',
      '35: budget b counts queries at once, which have no window; expected no "window"',
    ],
    [
      'at once with thresholds',
      'per: team, limit: 4 at once, warn_at: [50%]',
      '54: budget b counts queries at once, of which nothing is used up; expected no "warn_at"',
    ],
    [
      'with a queue in which none waits',
      'per: team, limit: 4 at once, when_exceeded: warn, queue: { length: 3 }',
      '73: budget b lets every query pass, so that none waits; expected no "queue"',
    ],
    [
      'with a queue and nothing to wait for',
      'per: team, window: day, limit: 1 B, queue: { length: 3 }',
      '59: budget b has a queue, and a limit that no waiting helps against; expected no "queue", or a limit such as 4 at once',
    ],
    [
      'with too long a queue',
      'per: team, limit: 4 at once, queue: { length: 1001 }',
      '62: "length" is "1001"; expected how many may wait, a whole number from 0 to 1000',
    ],
    [
      'with too long a wait',
      'per: team, limit: 4 at once, queue: { wait: 11 min }',
      '60: "wait" is "11 min"; expected how long to wait, such as 30 s or 2 min, at most 10 min',
    ],
    [
      'with a threshold that is no percentage',
      'per: team, window: day, limit: 1 B, warn_at: [50%, 80]',
      '67: "warn_at[1]" is "80"; expected a whole percentage from 1% to 1000%',
    ],
    [
      'with a threshold out of bounds',
      'per: team, window: day, limit: 1 B, warn_at: [1001%]',
      '62: "warn_at[0]" is "1001%"; expected a whole percentage from 1% to 1000%',
    ],
    [
      'with a threshold that stands twice',
      'per: team, window: day, limit: 1 B, warn_at: [50%, 80%, 50%]',
      '72: the threshold 50% stands twice, the first time at policies/a.yaml:3; expected it once',
    ],
    [
      'that refuses by a rule that does not exist',
      'per: team, window: day, limit: 1 B, when_exceeded: { only: [cap, strr] }',
      '81: there is no rule strr; expected one of star, cap; did you mean "star"?',
    ],
    [
      'that refuses by no rule',
      'per: team, window: day, limit: 1 B, when_exceeded: { only: [] }',
      '75: "only" is a list; expected a list of at least one rule',
    ],
    [
      'that does something unknown when it is exceeded',
      'per: team, window: day, limit: 1 B, when_exceeded: refuse',
      '67: "when_exceeded" is "refuse"; expected deny, warn, or a mapping of "only" to a list of rules',
    ],
  ])('%s', (_, entry, error) => {
    const rules =
      'rules:\n  - { name: star, mode: audit, when: query.star }\n  - { name: cap, mode: audit, when: query.star, maximum_bytes_billed: 1 B }\n';
    expect(errorsIn(`version: 1\nbudgets:\n  - { name: b, ${entry} }\n${rules}`)).toEqual([
      `policies/a.yaml:3:${error}`,
    ]);
  });

  test('that refuses by a rule that only caps, and never says of a query that it holds', () => {
    const text = `version: 1
budgets:
  - { name: b, per: team, window: day, limit: 1 B, when_exceeded: { only: [cap] } }
rules:
  - { name: cap, maximum_bytes_billed: 1 GiB }
`;
    expect(errorsIn(text)).toEqual([
      'policies/a.yaml:3:76: rule cap only caps queries; expected a rule with a "mode"',
    ]);
  });

  test('a rule or budget with errors is still there to be named', () => {
    const text = `version: 1
budgets:
  - { name: b, per: team, window: day, limit: 1 B, when_exceeded: { only: [r] } }
  - { name: c, per: team, window: day, limit: 1 gig }
rules:
  - { name: r, mode: deny, when: query.star, mesage: m }
webhooks:
  - { name: w, url_env: A, budgets: [c] }
`;
    expect(errorsIn(text)).toEqual([
      expect.stringContaining('policies/a.yaml:4:47: "limit" is "1 gig"'),
      expect.stringContaining('policies/a.yaml:6:46: "mesage" is not known here'),
    ]);
  });
});
