import { describe, expect, test } from 'vitest';
import { changes, RULE } from './changes.ts';

describe('a difference between rules or budgets is described by its meaning:', () => {
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
      'parentheses that change what is compared',
      'gib(5)',
      'gib(5) - (gib(2) - gib(1))',
      'no-star condition: `query.star && query.bytes_billed > gib(5)` -> `query.star && query.bytes_billed > gib(5) - (gib(2) - gib(1))`',
    ],
    [
      'a cap added to a mode',
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
      'the action when a budget is exceeded',
      'warn_at',
      'when_exceeded: warn, warn_at',
      'day when exceeded: deny -> warn, loosens',
    ],
    ['a threshold', '[80%, 100%]', '[90%, 100%]', 'day warns at: 100%, 80% -> 100%, 90%'],
  ])('%s', (_, from, to, expected) => {
    expect(changes(RULE, RULE.replace(from, to))).toEqual([expected]);
  });

  test('a rule that is added or removed', () => {
    const cap = 'rules:\n  - { name: cap, maximum_bytes_billed: 2 GiB }\n';
    expect(changes('', cap)).toEqual(['cap added: caps at 2 GiB for everybody, tightens']);
    expect(changes(cap, '')).toEqual(['cap removed: caps at 2 GiB for everybody, loosens']);
  });

  test('a rule under another name, which neither loosens nor tightens anything', () => {
    expect(changes(RULE, RULE.replace('name: no-star', 'name: name-columns'))).toEqual([
      'name-columns name: no-star -> name-columns',
    ]);
  });

  test('a rule that only has another name, and with it rolls out to other queries', () => {
    const shared = RULE.replace('    mode: deny\n', '    mode: deny\n    rollout: 25%\n');
    expect(changes(shared, shared.replace('name: no-star', 'name: name-columns'))).toEqual([
      'name-columns name: no-star -> name-columns',
      'name-columns rolled out to: 25% of queries, selected by the name no-star -> 25% of queries, selected by the name name-columns',
    ]);
    const noneYet = shared.replace('25%', '0%');
    expect(changes(noneYet, noneYet.replace('name: no-star', 'name: name-columns'))).toHaveLength(1);
  });

  test('a budget under another name, which loosens, since its spend starts at nothing', () => {
    expect(changes(RULE, RULE.replace('name: day', 'name: finops-day'))).toEqual([
      'finops-day name: day -> finops-day, loosens',
    ]);
    const warning = RULE.replace('limit: 20 GiB', 'limit: 20 GiB, when_exceeded: warn');
    expect(changes(warning, warning.replace('name: day', 'name: finops-day'))).toEqual([
      'finops-day name: day -> finops-day',
    ]);
  });

  test('a rule under another name that also says something else, as one that goes and one that comes', () => {
    const other = RULE.replace('name: no-star', 'name: name-columns').replace('gib(5)', 'gib(6)');
    expect(changes(RULE, other)).toEqual([
      expect.stringMatching(/^name-columns added: .*, tightens$/),
      expect.stringMatching(/^no-star removed: .*, loosens$/),
    ]);
  });

  test('a rule that is split in two, of which one keeps its name', () => {
    const [rule = '', budgets = ''] = RULE.split('budgets:');
    const second = rule.replace('rules:\n', '').replace('name: no-star', 'name: no-star-finops');
    const split = `${rule.replace('[finops, atendimento]', '[atendimento]')}${second.replace('[finops, atendimento]', '[finops]')}budgets:${budgets}`;
    expect(changes(RULE, split)).toEqual([
      'no-star teams: atendimento, finops -> atendimento',
      expect.stringMatching(/^no-star-finops added: deny for finops.*, tightens$/),
    ]);
  });

  test('an on_error that is the default, but not for a team with a mode of its own', () => {
    const rule = RULE.replace('mode: deny', 'mode: audit\n    modes: { finops: deny }');
    const spelt = rule.replace('modes:', 'on_error: audit\n    modes:');
    expect(changes(rule, spelt)).toEqual(['no-star on error: none -> audit']);
  });

  test('a removed rule that refused only one team', () => {
    const rule = RULE.replace('mode: deny', 'mode: audit\n    modes: { finops: deny }');
    const withoutRule = RULE.replace(/rules:[\s\S]*?(?=budgets:)/, '');
    expect(changes(rule, withoutRule)).toEqual([
      expect.stringMatching(/^no-star removed: audit for .*, loosens$/),
    ]);
  });

  test('a limit for another window, without saying whether it loosens or tightens', () => {
    expect(changes(RULE, RULE.replace('window: day, limit: 20', 'window: month, limit: 100'))).toEqual([
      'day window: day -> month',
      'day limit: 20 GiB -> 100 GiB',
    ]);
  });

  test('a limit of a budget that refuses nothing, without saying that it loosens', () => {
    const warning = RULE.replace('limit: 20 GiB', 'limit: 20 GiB, when_exceeded: warn');
    expect(changes(warning, warning.replace('20 GiB', '100 GiB'))).toEqual(['day limit: 20 GiB -> 100 GiB']);
  });

  test('a change of parentheses alone', () => {
    const rule = (difference: string) => RULE.replace('gib(5)', difference);
    expect(changes(rule('gib(5) - (gib(2) - gib(1))'), rule('gib(5) - gib(2) - gib(1)'))).toEqual([
      expect.stringContaining('gib(5) - (gib(2) - gib(1))` -> '),
    ]);
  });
});
