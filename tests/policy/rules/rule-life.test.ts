import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../../src/policy/policy.ts';
import { isRolledOut } from '../../../src/policy/rules/roll-out.ts';
import { errorsIn, hits, PRICING, policyOf, policyWithRules, question, TEAMS } from '../builders.ts';

const FINOPS = 'metabase-finops@x.example';
const noon = (date: string) => Date.parse(`${date}T12:00:00Z`);

function policyInSaoPaulo(rules: string): Policy {
  return policyOf({ 'a.yaml': `time_zone: America/Sao_Paulo\n${TEAMS}${PRICING}rules:\n${rules}` });
}

/** The mode in which the only rule hits a query at each instant, and the mode it will have. */
function modesAt(policy: Policy, instants: readonly string[], principal = 'metabase@x.example') {
  return instants.map((instant) => {
    const [hit] = policy.decide(question(policy, { principal, atMs: Date.parse(instant) })).hits;
    return hit?.eased === undefined ? hit?.mode : `${hit.mode} for ${hit.eased.wouldBe}`;
  });
}

describe('a rule with dates', () => {
  test('warns until its enforce_from begins in the policy’s time zone', () => {
    const policy = policyInSaoPaulo(
      '  - { name: r, mode: deny, enforce_from: 2026-12-01, when: "true", message: m }\n',
    );

    expect(
      modesAt(policy, ['2026-11-30T12:00:00Z', '2026-12-01T02:59:59.999Z', '2026-12-01T03:00:00Z']),
    ).toEqual(['warn for deny', 'warn for deny', 'deny']);
  });

  test('only audits before its warn_from', () => {
    const policy = policyInSaoPaulo(
      '  - { name: r, mode: deny, warn_from: 2026-11-15, enforce_from: 2026-12-01, when: "true", message: m }\n',
    );

    expect(modesAt(policy, ['2026-11-15T02:59:59Z', '2026-11-15T03:00:00Z', '2026-12-01T03:00:00Z'])).toEqual(
      ['audit for deny', 'warn for deny', 'deny'],
    );
  });

  test('and mode warn audits until its enforce_from', () => {
    const policy = policyInSaoPaulo(
      '  - { name: r, mode: warn, enforce_from: 2026-12-01, when: "true", message: m }\n',
    );

    expect(modesAt(policy, ['2026-11-30T12:00:00Z', '2026-12-01T12:00:00Z'])).toEqual([
      'audit for warn',
      'warn',
    ]);
  });

  test('warns with the date from which it will refuse, in the language of the team', () => {
    const policy = policyWithRules(
      '  - { name: r, mode: deny, enforce_from: 2026-12-01, when: "true", message: m }\n',
    );
    const messageTo = (principal: string) =>
      policy.decide(question(policy, { principal })).hits.map(({ message }) => message);

    expect(messageTo('metabase@x.example')).toEqual([
      'm A partir de 1 de dezembro de 2026, esta consulta será recusada.',
    ]);
    expect(messageTo(FINOPS)).toEqual(['m From December 1, 2026 on, this query will be refused.']);
  });

  test('does not cap before its enforce_from, and warns about queries that it would refuse', () => {
    const policy = policyWithRules(
      '  - { name: r, maximum_bytes_billed: 1 GiB, enforce_from: 2026-12-01 }\n',
    );
    const verdictOn = (date: string) =>
      policy.decide(question(policy, { bytes: 2n << 30n, atMs: noon(date) }));

    expect(verdictOn('2026-11-30')).toMatchObject({
      outcome: 'allow',
      maximumBytesBilled: null,
      hits: [{ mode: 'warn', eased: { by: 'date', from: '2026-12-01', wouldBe: 'deny' } }],
    });
    expect(verdictOn('2026-12-01')).toMatchObject({ outcome: 'deny', maximumBytesBilled: 1n << 30n });
  });

  test('does not refuse before its enforce_from if its condition fails', () => {
    const policy = policyWithRules(
      '  - { name: r, mode: deny, on_error: deny, enforce_from: 2026-12-01, when: "query.tables[7].star", message: m }\n',
    );

    expect(hits(policy, { atMs: noon('2026-11-30') })).toEqual(['r warn']);
    expect(hits(policy, { atMs: noon('2026-12-01') })).toEqual(['r deny']);
  });
});

describe('a rule with modes by team', () => {
  const policy = policyWithRules(`
  - name: r
    mode: deny
    when: "true"
    message: m
    modes: { finops: { mode: deny, warn_from: 2026-11-20, enforce_from: 2026-12-01 }, unassigned: audit }
`);

  test('applies to each team the mode and dates for that team', () => {
    const days = ['2026-11-19', '2026-11-20', '2026-12-01'].map((date) => `${date}T12:00:00Z`);

    expect(modesAt(policy, days)).toEqual(['deny', 'deny', 'deny']);
    expect(modesAt(policy, days, FINOPS)).toEqual(['audit for deny', 'warn for deny', 'deny']);
    expect(modesAt(policy, days, 'eve@else.where')).toEqual(['audit', 'audit', 'audit']);
  });

  test('treats a failing condition according to the mode for the team', () => {
    const failing = policyWithRules(
      '  - { name: r, mode: deny, when: "query.tables[7].star", message: m, modes: { finops: audit } }\n',
    );

    expect(hits(failing)).toEqual(['r deny']);
    expect(hits(failing, { principal: FINOPS })).toEqual(['r audit']);
  });
});

describe('a roll-out', () => {
  const fingerprint = fc.stringMatching(/^[0-9a-f]{16}$/);
  const share = fc.integer({ min: 0, max: 10_000 });

  test('keeps every fingerprint it includes as the share grows', () => {
    fc.assert(
      fc.property(fingerprint, fc.tuple(share, share), (one, shares) => {
        const [less = 0, more = 0] = shares.toSorted((a, b) => a - b);
        const taken = (perTenThousand: number) => isRolledOut({ perTenThousand, written: '' }, 'r', one);

        expect(!taken(less) || taken(more)).toBe(true);
      }),
    );
  });

  test('includes none at 0 %, all at 100 %, and about its share in between', () => {
    const taken = (perTenThousand: number) =>
      Array.from({ length: 10_000 }, (_, index) =>
        isRolledOut({ perTenThousand, written: '' }, 'r', index.toString(16).padStart(16, '0')),
      ).filter((isTaken) => isTaken).length;

    expect([taken(0), taken(10_000)]).toEqual([0, 10_000]);
    expect(Math.abs(taken(2_500) - 2_500)).toBeLessThan(200);
  });

  test('only audits the fingerprints it does not include, before and after enforce_from', () => {
    const rule = (rollout: string) =>
      policyWithRules(
        `  - { name: r, mode: deny, enforce_from: 2026-12-01, rollout: ${rollout}, when: "true", message: m }\n`,
      );
    const hitAt = (rollout: string, date: string) => {
      const policy = rule(rollout);
      return policy.decide(question(policy, { atMs: noon(date) })).hits[0];
    };

    expect(hitAt('0%', '2026-12-01')).toMatchObject({
      mode: 'audit',
      eased: { by: 'roll-out', share: '0%', wouldBe: 'deny' },
    });
    expect(hitAt('0%', '2026-11-30')).toMatchObject({ mode: 'audit', eased: { by: 'roll-out' } });
    expect(hitAt('100%', '2026-11-30')).toMatchObject({ mode: 'warn', eased: { by: 'date' } });
    expect(hitAt('100%', '2026-12-01')).not.toHaveProperty('eased');
  });

  test('is not given as the reason for auditing before warn_from', () => {
    const policy = policyWithRules(
      '  - { name: r, mode: deny, warn_from: 2026-11-15, enforce_from: 2026-12-01, rollout: 0%, when: "true", message: m }\n',
    );

    const [hit] = policy.decide(question(policy, { atMs: noon('2026-11-14') })).hits;

    expect(hit).toMatchObject({ mode: 'audit', eased: { by: 'date', wouldBe: 'deny' } });
  });
});

describe('inconsistent dates, modes or roll-out of a rule are an error at their place:', () => {
  const rule = (keys: string) =>
    `version: 1\nrules:\n  - name: r\n    mode: deny\n    when: "true"\n    message: m\n${keys}`;

  test.each([
    ['    rollout: 110%\n', '7:14', '"rollout" is "110%"; expected a percentage from 0% to 100%'],
    ['    enforce_from: 2026-13-01\n', '7:19', '"enforce_from" is "2026-13-01"; expected a date'],
    ['    warn_from: 2026-11-01\n', '7:16', '"warn_from" alone; expected "enforce_from" beside it'],
    [
      '    enforce_from: 2026-11-01\n    warn_from: 2026-11-02\n',
      '8:16',
      '"warn_from" is 2026-11-02; expected a day before "enforce_from", 2026-11-01',
    ],
    ['    modes: { finosp: audit }\n', '7:22', 'there is no team finosp; expected one of'],
    ['    modes: { finops: adit }\n', '7:22', '"finops" is "adit"; expected a mode, or a mapping of mode'],
    [
      '    modes: { finops: { mode: audit, enforce_from: 2026-12-01 } }\n',
      '7:51',
      'mode audit enforces nothing; expected mode warn or deny',
    ],
    [
      '    modes: { finops: { mode: deny, enforce_frm: 2026-12-01 } }\n',
      '7:36',
      '"enforce_frm" is not known here; expected one of mode, warn_from, enforce_from; did you mean "enforce_from"?',
    ],
    [
      '    teams: [atendimento]\n    modes: { finops: audit }\n',
      '8:22',
      'rule r does not hold for team finops',
    ],
  ])('%s', (keys, place, problem) => {
    const [error, ...others] = errorsIn(rule(keys));

    expect(others).toEqual([]);
    expect(error).toContain(`policies/a.yaml:${place}: ${problem}`);
  });

  test('a team’s mode warn without a message', () => {
    const text = 'version: 1\nrules:\n  - { name: r, mode: audit, when: "true", modes: { finops: warn } }\n';

    expect(errorsIn(text)).toEqual([expect.stringContaining('rule r tells people nothing')]);
  });
});
