import { describe, expect, test } from 'vitest';
import { errorsIn } from '../builders.ts';

describe('the error for an invalid budget names its place and what was expected:', () => {
  const whom =
    'organisation: true, one or more of team, principal, person, dashboard, card, project and tool, or "per"';

  test.each([
    [
      'without a subject',
      'window: day, limit: 1 B',
      `5: budget b does not say whom it is for; expected "organisation: true", ${whom.slice(20)}`,
    ],
    [
      'for the whole organisation and for one team',
      'organisation: true, team: finops, window: day, limit: 1 B',
      '30: budget b is for the whole organisation and for one team; expected either',
    ],
    [
      'with "organisation: false"',
      'organisation: false, window: day, limit: 1 B',
      '30: "organisation" is "false"; expected "organisation: true", or none',
    ],
    [
      'with an unknown kind of "per"',
      'per: persn, window: day, limit: 1 B',
      '21: "per" is "persn"; expected one of team, principal, person, dashboard, card, project; did you mean "person"?',
    ],
    [
      'with an unknown key',
      'dashbord: x, window: day, limit: 1 B',
      '16: "dashbord" is not known here; expected one of name, organisation, team, principal, person, dashboard, card, project, tool, per, window, time_zone, limit, warn_at, when_exceeded, contact, queue; did you mean "dashboard"?',
    ],
    [
      'with an invalid project ID',
      'project: My Project, window: day, limit: 1 B',
      '25: "project" is "My Project"; expected a project ID, or a pattern such as "etl-*"',
    ],
    [
      'without a window',
      'per: team, limit: 1 B',
      '5: "window" is missing; expected hour, day, week, month, or the last hours at any moment, 1 to 744 of them, such as "rolling 24h"',
    ],
    ...['rolling 0h', 'rolling 745h', 'rolling 1.5h', 'rolling 2d', 'now'].map((window) => [
      `with the window ${window}`,
      `per: team, window: ${window}, limit: 1 B`,
      `35: "window" is "${window}"; expected hour, day, week, month, or the last hours at any moment, 1 to 744 of them, such as "rolling 24h"`,
    ]),
    [
      'of queries at once, with a window',
      'per: team, window: day, limit: 4 at once',
      '35: budget b counts queries at once, which have no window; expected no "window"',
    ],
    [
      'of queries at once, with warning thresholds',
      'per: team, limit: 4 at once, warn_at: [50%]',
      '54: budget b counts queries at once, of which nothing is used up; expected no "warn_at"',
    ],
    [
      'of queries at once, with a queue although it only warns',
      'per: team, limit: 4 at once, when_exceeded: warn, queue: { length: 3 }',
      '73: budget b lets every query pass, so that none waits; expected no "queue"',
    ],
    [
      'of bytes, with a queue',
      'per: team, window: day, limit: 1 B, queue: { length: 3 }',
      '59: budget b has a queue, and a limit that no waiting helps against; expected no "queue", or a limit such as 4 at once',
    ],
    [
      'with a queue that is too long',
      'per: team, limit: 4 at once, queue: { length: 1001 }',
      '62: "length" is "1001"; expected how many may wait, a whole number from 0 to 1000',
    ],
    [
      'with a wait that is too long',
      'per: team, limit: 4 at once, queue: { wait: 11 min }',
      '60: "wait" is "11 min"; expected how long to wait, such as 30 s or 2 min, at most 10 min',
    ],
    [
      'with a threshold that is not a percentage',
      'per: team, window: day, limit: 1 B, warn_at: [50%, 80]',
      '67: "warn_at[1]" is "80"; expected a whole percentage from 1% to 1000%',
    ],
    [
      'with a threshold out of bounds',
      'per: team, window: day, limit: 1 B, warn_at: [1001%]',
      '62: "warn_at[0]" is "1001%"; expected a whole percentage from 1% to 1000%',
    ],
    [
      'with the same threshold twice',
      'per: team, window: day, limit: 1 B, warn_at: [50%, 80%, 50%]',
      '72: the threshold 50% stands twice, the first time at policies/a.yaml:3; expected it once',
    ],
    [
      'that refuses only by a rule that does not exist',
      'per: team, window: day, limit: 1 B, when_exceeded: { only: [cap, strr] }',
      '81: there is no rule strr; expected one of star, cap; did you mean "star"?',
    ],
    [
      'that refuses only by an empty list of rules',
      'per: team, window: day, limit: 1 B, when_exceeded: { only: [] }',
      '75: "only" is a list; expected a list of at least one rule',
    ],
    [
      'with an unknown value of "when_exceeded"',
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

  test.each([
    [
      'only caps queries',
      'maximum_bytes_billed: 1 GiB',
      'rule r only caps queries; expected a rule with a "mode"',
    ],
    [
      'is for another team',
      'teams: [atendimento], mode: audit, when: query.star',
      'rule r is not for team finops; expected a rule for it, or for all teams',
    ],
  ])('that refuses only by a rule that %s', (_, rule, error) => {
    const text = `version: 1
budgets:
  - { name: b, team: finops, window: day, limit: 1 B, when_exceeded: { only: [r] } }
rules:
  - { name: r, ${rule} }
`;
    expect(errorsIn(text)).toEqual([`policies/a.yaml:3:79: ${error}`]);
  });

  test('a rule or budget that has errors itself can still be referred to without a further error', () => {
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
