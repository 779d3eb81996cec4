import { describe, expect, test } from 'vitest';
import { diffPolicies } from '../../../src/policy/diff/diff.ts';
import { PRICING, TEAMS } from '../builders.ts';
import { changes, linesOf, NOW_MS, RULE, sectionsOf } from './changes.ts';

test('comments, order, line breaks, units and explicit defaults make no difference between policies', () => {
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

test('the defaults of pricing, written out, make no difference between policies', () => {
  const pricing = (freeTier: string, unknownQuery: string) => `${TEAMS}
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
${freeTier}
  editions: { projects: [etl], per_slot_hour: { default: "0.06" }${unknownQuery} }
`;
  const before = sectionsOf('', pricing('', ''));
  const after = sectionsOf('', pricing('  free_tier: 0 GiB', ', unknown_query: 0.1 slot-hours'));

  expect(linesOf(diffPolicies(before, after, NOW_MS))).toEqual([]);
});

describe('a difference between policies is described by its meaning:', () => {
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
      'an inexact reserve',
      'inexact_reserve: 20 GiB\n',
      '20 GiB',
      '20481 MiB',
      'settings inexact reserve: 20 GiB (21474836480 bytes) -> 20 GiB (21475885056 bytes)',
    ],
  ])('%s that looks the same when rounded, with its exact bytes', (_, before, from, to, expected) => {
    expect(changes(before, before.replace(from, to))).toEqual([expected]);
  });

  test('a cap', () => {
    const cap = (bytes: string) => `rules:\n  - { name: cap, maximum_bytes_billed: ${bytes} }\n`;
    expect(changes(cap('2 GiB'), cap('1 GiB'))).toEqual(['cap cap: 2 GiB -> 1 GiB, tightens']);
  });

  test('an exemption, by its rule and subject', () => {
    const exemption = (until: string) =>
      `${RULE}exemptions:\n  - { rule: no-star, team: finops, owner: ana, reason: closing, until: ${until} }\n`;
    expect(changes(RULE, exemption('2026-12-31'))).toEqual([
      'no-star for team finops added: until 2026-12-31, ana: closing, loosens',
    ]);
    expect(changes(exemption('2026-12-31'), RULE)).toEqual([
      'no-star for team finops removed: until 2026-12-31, ana: closing, tightens',
    ]);
    expect(changes(exemption('2026-12-31'), exemption('2027-01-31'))).toEqual([
      'no-star for team finops until: 2026-12-31 -> 2027-01-31, loosens',
    ]);
  });

  test('an exemption that has ended, which changes nothing until it is prolonged', () => {
    const exemption = (until: string) =>
      `${RULE}time_zone: America/Sao_Paulo\nexemptions:\n  - { rule: no-star, team: finops, owner: ana, reason: closing, until: ${until} }\n`;
    const without = `${RULE}time_zone: America/Sao_Paulo\n`;
    expect(changes(without, exemption('2026-11-23'))).toEqual([
      'no-star for team finops added: until 2026-11-23, which has passed, ana: closing',
    ]);
    expect(changes(without, exemption('2026-11-24'))).toEqual([
      'no-star for team finops added: until 2026-11-24, ana: closing, loosens',
    ]);
    expect(changes(exemption('2026-11-23'), exemption('2026-10-31'))).toEqual([
      'no-star for team finops until: 2026-11-23 -> 2026-10-31',
    ]);
    expect(changes(exemption('2026-11-24'), exemption('2026-11-23'))).toEqual([
      'no-star for team finops until: 2026-11-24 -> 2026-11-23, tightens',
    ]);
  });

  test('an exemption next to another one for the same subject', () => {
    const exemption = (until: string) =>
      `  - { rule: no-star, team: finops, owner: ana, reason: closing, until: ${until} }\n`;
    const one = `${RULE}exemptions:\n${exemption('2026-12-31')}`;
    const two = `${RULE}exemptions:\n${exemption('2030-12-31')}${exemption('2026-12-31')}`;
    expect(changes(one, two)).toEqual([
      'no-star for team finops (2) added: until 2030-12-31, ana: closing, loosens',
    ]);
  });

  test('whom to ask, by rule, budget and team', () => {
    const contact = (whom: string) => `
rules: [{ name: r, mode: deny, when: query.star, message: No, contact: ${whom} }]
budgets: [{ name: b, organisation: true, window: day, limit: 1 GiB, contact: ${whom} }]
teams: [{ name: t, principals: [], contact: ${whom} }]
`;
    expect(changes(contact('ana'), contact('rui'))).toEqual([
      'r contact: ana -> rui',
      'b contact: ana -> rui',
      't contact: ana -> rui',
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
    expect(linesOf(diffPolicies(before, after, NOW_MS))).toEqual([
      'pricing per TiB in southamerica-east1: 9 USD -> 9.5 USD',
    ]);
  });

  test('a setting that can be given only once, compared with its default', () => {
    expect(changes('', 'time_zone: UTC\nrecords: { sql: stored }\ninexact_reserve: 10 GiB\n')).toEqual([]);
    expect(changes('', 'records: { sql: masked }\n')).toEqual(['settings SQL in records: stored -> masked']);
  });

  test('a webhook, without its address, which may be a secret', () => {
    const webhook = 'webhooks:\n  - { name: w, url: "https://hooks.example/secret" }\n';
    expect(changes('', webhook)).toEqual(['w added: json, address written in the file']);
    const [moved] = changes(webhook, webhook.replace('secret', 'another'));
    expect(moved).toMatch(/^w address: written in the file, (\w{8}) -> written in the file, (?!\1)\w{8}$/);
  });
});

describe('the effect of an entry', () => {
  const rule = (mode: string, when: string, message: string, contact = 'rui') =>
    `rules: [{ name: r, mode: ${mode}, when: ${when}, message: { en: ${message} }, contact: ${contact} }]`;
  const before = rule('warn', 'query.star', 'No');

  test.each([
    ['is that of its only change', rule('deny', 'query.star', 'No'), 'tightens'],
    ['is that of a change beside another message', rule('deny', 'query.star', 'Never'), 'tightens'],
    ['is that of a change beside another contact', rule('deny', 'query.star', 'No', 'ana'), 'tightens'],
    ['is unknown if its condition changed as well', rule('deny', 'query.bytes_billed > gib(5)', 'No'), null],
    ['is unknown if only its message changed', rule('warn', 'query.star', 'Never'), null],
  ])('%s', (_what, after, effect) => {
    const { changes: found } = diffPolicies(sectionsOf(before), sectionsOf(after), NOW_MS);

    expect(found.map((change) => change.effect)).toEqual([effect]);
  });
});
