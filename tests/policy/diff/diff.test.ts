import { describe, expect, test } from 'vitest';
import { diffPolicies, type PolicyDiff } from '../../../src/policy/diff/diff.ts';
import { readSections } from '../../../src/policy/sections.ts';
import { errorsOf, PRICING, TEAMS } from '../builders.ts';

function sectionsOf(text: string, base = TEAMS + PRICING) {
  const files = { 'base.yaml': `version: 1\n${base}`, 'own.yaml': `version: 1\n${text}` };
  expect(errorsOf(files)).toEqual([]);
  return readSections(Object.entries(files).map(([name, of]) => ({ file: `policies/${name}`, text: of })));
}

/** Every change as `name what: before -> after, effect`. */
function changes(before: string, after: string): readonly string[] {
  return told(diffPolicies(sectionsOf(before), sectionsOf(after)));
}

function told(diff: PolicyDiff): readonly string[] {
  const effect = (of: string | null) => (of === null ? '' : `, ${of}`);
  return diff.changes.flatMap((change) =>
    change.fields.length === 0
      ? [`${change.name} ${change.kind}: ${change.summary}${effect(change.effect)}`]
      : change.fields.map(
          ({ field, before, after, effect: own }) =>
            `${change.name} ${field}: ${before?.text ?? 'none'} -> ${after?.text ?? 'none'}${effect(own)}`,
        ),
  );
}

const RULE = `
rules:
  - name: no-star
    mode: deny
    teams: [finops, atendimento]
    when: query.star && query.bytes_billed > gib(5)
    message: { en: Name the columns., pt-BR: Escolha as colunas. }
budgets:
  - { name: day, team: finops, window: day, limit: 20 GiB, warn_at: [80%, 100%] }
`;

test('the same in other words is no change: remarks, order, line breaks, amounts, defaults that are spelt out', () => {
  const same = `
budgets:
  - name: day   # a remark
    warn_at: [100%, 80%]
    limit: 20480 MiB
    window: day
    time_zone: UTC
    when_exceeded: deny
    team: finops
rules:
  - message:
      pt-BR: |
        Escolha
        as colunas.
      en: Name the columns.
    on_error: deny
    when: |
      query.star   // all of them
        && (query.bytes_billed > gib(5))
    teams: [atendimento, finops]
    name: no-star
    mode: deny
`;
  expect(changes(RULE, same)).toEqual([]);
});

describe('a change is told by what it means', () => {
  test.each([
    ['a mode', 'mode: deny', 'mode: warn', 'no-star mode: deny -> warn, loosens'],
    [
      'a condition',
      'gib(5)',
      'gib(4)',
      'no-star condition: `query.star && query.bytes_billed > gib(5)` -> `query.star && query.bytes_billed > gib(4)`',
    ],
    ['the teams', '[finops, atendimento]', '[finops]', 'no-star teams: atendimento, finops -> finops'],
    [
      'a message',
      'Name the columns.',
      'Name them.',
      'no-star message in en: Name the columns. -> Name them.',
    ],
    [
      'a date',
      'mode: deny',
      'mode: deny\n    enforce_from: 2027-01-01',
      'no-star enforced from: none -> 2027-01-01',
    ],
    ['a share', 'mode: deny', 'mode: deny\n    rollout: 25%', 'no-star rolled out to: 100% -> 25%, loosens'],
    [
      'brackets that change what is compared',
      'gib(5)',
      'gib(5) - (gib(2) - gib(1))',
      'no-star condition: `query.star && query.bytes_billed > gib(5)` -> `query.star && query.bytes_billed > gib(5) - (gib(2) - gib(1))`',
    ],
    [
      'a cap beside a mode',
      'mode: deny',
      'mode: deny\n    maximum_bytes_billed: 1 GiB',
      'no-star cap: none -> 1 GiB, tightens',
    ],
    [
      "a team's mode",
      'mode: deny',
      'mode: deny\n    modes: { finops: audit }',
      'no-star mode for finops: none -> audit',
    ],
    ['a limit', 'limit: 20 GiB', 'limit: 10 GiB', 'day limit: 20 GiB -> 10 GiB, tightens'],
    [
      'what happens when it is exceeded',
      'warn_at',
      'when_exceeded: warn, warn_at',
      'day when exceeded: deny -> warn, loosens',
    ],
    ['a threshold', '[80%, 100%]', '[90%, 100%]', 'day told at: 100%, 80% -> 100%, 90%'],
  ])('%s', (_, from, to, expected) => {
    expect(changes(RULE, RULE.replace(from, to))).toEqual([expected]);
  });

  test('a rule that is new, and one that is gone', () => {
    const cap = 'rules:\n  - { name: cap, maximum_bytes_billed: 2 GiB }\n';
    expect(changes('', cap)).toEqual(['cap added: caps at 2 GiB for everybody, tightens']);
    expect(changes(cap, '')).toEqual(['cap removed: caps at 2 GiB for everybody, loosens']);
  });

  test('what a failed condition counts as, where a team for which it is no default has another mode', () => {
    const rule = RULE.replace('mode: deny', 'mode: audit\n    modes: { finops: deny }');
    const spelt = rule.replace('modes:', 'on_error: audit\n    modes:');
    expect(changes(rule, spelt)).toEqual(['no-star on error: none -> audit']);
  });

  test('a rule that refuses one team only, and is gone', () => {
    const rule = RULE.replace('mode: deny', 'mode: audit\n    modes: { finops: deny }');
    const withoutRule = RULE.replace(/rules:[\s\S]*?(?=budgets:)/, '');
    expect(changes(rule, withoutRule)).toEqual([
      expect.stringMatching(/^no-star removed: audit for .*, loosens$/),
    ]);
  });

  test('a limit for another window, of which it is not known whether it lets more through', () => {
    expect(changes(RULE, RULE.replace('window: day, limit: 20', 'window: month, limit: 100'))).toEqual([
      'day window: day -> month',
      'day limit: 20 GiB -> 100 GiB',
    ]);
  });

  test('brackets alone', () => {
    const rule = (difference: string) => RULE.replace('gib(5)', difference);
    expect(changes(rule('gib(5) - (gib(2) - gib(1))'), rule('gib(5) - gib(2) - gib(1)'))).toEqual([
      expect.stringContaining('gib(5) - (gib(2) - gib(1))` -> '),
    ]);
  });

  test.each([
    [
      'a limit',
      RULE,
      'limit: 20 GiB',
      'limit: 20481 MiB',
      'day limit: 20 GiB (21474836480 bytes) -> 20 GiB (21475885056 bytes), loosens',
    ],
    [
      'a cap',
      'rules:\n  - { name: cap, maximum_bytes_billed: 1 TiB }\n',
      '1 TiB',
      '1029 GiB',
      'cap cap: 1 TiB (1099511627776 bytes) -> 1 TiB (1104880336896 bytes), loosens',
    ],
    [
      'what is reserved',
      'inexact_reserve: 20 GiB\n',
      '20 GiB',
      '20481 MiB',
      'settings inexact reserve: 20 GiB (21474836480 bytes) -> 20 GiB (21475885056 bytes)',
    ],
  ])('%s that reads the same when it is rounded', (_, before, from, to, expected) => {
    expect(changes(before, before.replace(from, to))).toEqual([expected]);
  });

  test('a cap', () => {
    const cap = (bytes: string) => `rules:\n  - { name: cap, maximum_bytes_billed: ${bytes} }\n`;
    expect(changes(cap('2 GiB'), cap('1 GiB'))).toEqual(['cap cap: 2 GiB -> 1 GiB, tightens']);
  });

  test('an exemption, by its rule and whom it is for', () => {
    const exemption = (until: string) =>
      `${RULE}exemptions:\n  - { rule: no-star, team: finops, owner: ana, reason: closing, until: ${until} }\n`;
    expect(changes(RULE, exemption('2026-12-31'))).toEqual([
      'no-star for team finops added: until 2026-12-31, ana: closing, loosens',
    ]);
    expect(changes(exemption('2026-12-31'), RULE)).toEqual([
      'no-star for team finops removed: until 2026-12-31, ana: closing, tightens',
    ]);
    expect(changes(exemption('2026-12-31'), exemption('2027-01-31'))).toEqual([
      'no-star for team finops until: 2026-12-31 -> 2027-01-31',
    ]);
  });

  test('an exemption beside another for the same', () => {
    const exemption = (until: string) =>
      `  - { rule: no-star, team: finops, owner: ana, reason: closing, until: ${until} }\n`;
    const one = `${RULE}exemptions:\n${exemption('2026-12-31')}`;
    const two = `${RULE}exemptions:\n${exemption('2030-12-31')}${exemption('2026-12-31')}`;
    expect(changes(one, two)).toEqual([
      'no-star for team finops (2) added: until 2030-12-31, ana: closing, loosens',
    ]);
  });

  test('a table of the catalog', () => {
    const table = (rest: string) => `catalog:\n  tables:\n    - { table: p.d.t, ${rest} }\n`;
    expect(changes(table('status: governed'), table('status: legacy, replacement: p.d.u'))).toEqual([
      'p.d.t status: governed -> legacy',
      'p.d.t replacement: none -> p.d.u',
    ]);
    const vouched = (result: string) => table(`status: legacy, replacement: p.d.u${result}`);
    expect(changes(vouched(''), vouched(', replacement_result: changed'))).toEqual([]);
    expect(changes(vouched(''), vouched(', replacement_result: same'))).toEqual([
      'p.d.t replacement result: none -> same',
    ]);
  });

  test('prices and rates', () => {
    const before = sectionsOf('', TEAMS + PRICING);
    const after = sectionsOf('', TEAMS + PRICING.replace('"9.00"', '"9.50"').replace('"5.35"', '"5.350"'));
    expect(told(diffPolicies(before, after))).toEqual([
      'pricing per TiB in southamerica-east1: 9 USD -> 9.5 USD',
    ]);
  });

  test('what stands once, with what holds where it is left out', () => {
    expect(changes('', 'time_zone: UTC\nrecords: { sql: stored }\ninexact_reserve: 10 GiB\n')).toEqual([]);
    expect(changes('', 'records: { sql: masked }\n')).toEqual(['settings SQL in records: stored -> masked']);
  });

  test('an address that may be a secret is not told', () => {
    const webhook = 'webhooks:\n  - { name: w, url: "https://hooks.example/secret" }\n';
    expect(changes('', webhook)).toEqual(['w added: json, address written in the file']);
    const [moved] = changes(webhook, webhook.replace('secret', 'another'));
    expect(moved).toMatch(/^w address: written in the file, (\w{8}) -> written in the file, (?!\1)\w{8}$/);
  });
});

/** Two teams, each with a pattern, in their order. */
function patterns(...teams: readonly (readonly [string, string])[]) {
  const entries = teams.map(([name, pattern]) => `  - { name: ${name}, principals: ["${pattern}"] }\n`);
  return sectionsOf(`teams:\n${entries.join('')}`, PRICING);
}

describe('who comes into another team is told where only the order of patterns changed', () => {
  test.each([
    ['of which one holds the other', '*.example', '*@x.example'],
    ['of which each holds some of the other', 'metabase*', 'metabase@x.example'],
  ])('%s', (_, pattern, moved) => {
    const [a, b] = [['a', '*@x.example'] as const, ['b', pattern] as const];
    const diff = diffPolicies(patterns(a, b), patterns(b, a));
    expect(diff.changes).toEqual([]);
    expect(diff.moves).toEqual([{ principal: moved, before: 'a', after: 'b' }]);
  });
});
