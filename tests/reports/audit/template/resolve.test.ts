import { describe, expect, test } from 'vitest';
import { card, dateFilter, resolved, sqlOf, tag } from '../builders.ts';

const opened =
  "(`atendimento.tickets`.`created_at` >= '2026-10-25' AND `atendimento.tickets`.`created_at` < '2026-11-24')";

describe('optional clauses', () => {
  const one = card('1', 'SELECT 1 FROM t WHERE a [[AND b = {{b}}]][[ AND c = {{c}}]]', [
    tag('b'),
    tag('c', { defaultValue: 'x' }),
  ]);

  test('stay if their tags have a default, and go if they have none, when the card is opened', () => {
    expect(sqlOf([one])).toBe("SELECT 1 FROM t WHERE a  AND c = 'x'");
  });

  test('all go in the worst case, and all stay with every filter set', () => {
    expect(sqlOf([one], 'open')).toBe('SELECT 1 FROM t WHERE a ');
    expect(sqlOf([one], 'filtered')).toBe("SELECT 1 FROM t WHERE a AND b = '' AND c = 'x'");
  });

  test('stay only if each of their tags has a value', () => {
    const two = card('1', 'SELECT 1[[ WHERE b = {{b}} OR c = {{c}}]]', [
      tag('b'),
      tag('c', { defaultValue: 'x' }),
    ]);

    expect(sqlOf([two])).toBe('SELECT 1');
  });
});

describe('field filters', () => {
  const one = (changes = {}) => card('1', 'SELECT 1 WHERE {{period}}', [dateFilter('period', changes)]);

  test('match every row without a value, and the last 30 days with every filter set', () => {
    expect(sqlOf([one()])).toBe('SELECT 1 WHERE 1 = 1');
    expect(sqlOf([one()], 'filtered')).toContain(
      ">= '2026-10-26' AND `atendimento.tickets`.`created_at` < '2026-11-25'",
    );
  });

  test('use the default, except in the worst case if they may be empty', () => {
    expect(sqlOf([one({ defaultValue: 'past30days' })])).toBe(`SELECT 1 WHERE ${opened}`);
    expect(sqlOf([one({ defaultValue: 'past30days' })], 'open')).toBe('SELECT 1 WHERE 1 = 1');
    expect(sqlOf([one({ defaultValue: 'past30days', required: true })], 'open')).toBe(
      `SELECT 1 WHERE ${opened}`,
    );
  });

  test('use the dashboard’s value; an empty filter of the dashboard hides the tag’s own default', () => {
    const its = one({ defaultValue: 'past30days' });

    expect(sqlOf([its], 'opened', { filterValues: new Map([['period', '2026-11-01~']]) })).toContain(
      ">= '2026-11-01')",
    );
    expect(sqlOf([its], 'opened', { filterValues: new Map([['period', null]]) })).toBe(
      'SELECT 1 WHERE 1 = 1',
    );
  });

  test('keep the tag’s own default under an empty filter of the dashboard if the tag must have a value', () => {
    const its = one({ defaultValue: '2026-11-01~', required: true });

    expect(sqlOf([its], 'opened', { filterValues: new Map([['period', null]]) })).toContain(
      ">= '2026-11-01')",
    );
  });

  test.each([[null], [''], [[]]])('are empty on a dashboard, or by default, with %j', (empty) => {
    const its = (defaultValue: unknown) => one({ widgetType: 'string/=', defaultValue });
    const filterValues = new Map([['period', empty]]);

    expect(sqlOf([its('SP')], 'opened', { filterValues })).toBe('SELECT 1 WHERE 1 = 1');
    expect(sqlOf([its(empty)])).toBe('SELECT 1 WHERE 1 = 1');
  });

  test.each([
    ['an operator by which no warehouse prunes', { widgetType: 'string/contains', defaultValue: ['a'] }],
    ['days that are no range', { defaultValue: 'exclude-days-Mon' }],
    ['every day', { defaultValue: '~' }],
  ])('match every row by %s', (_what, changes) => {
    expect(sqlOf([one(changes)])).toBe('SELECT 1 WHERE 1 = 1');
  });

  test('name the column as the author of the SQL specified', () => {
    expect(sqlOf([one({ defaultValue: '2026-11-01~', alias: 't.created_at' })])).toBe(
      "SELECT 1 WHERE (t.created_at >= '2026-11-01')",
    );
  });

  test('on values keep them, quoted', () => {
    const filter = dateFilter('state', { widgetType: 'string/=', defaultValue: ["SP'", 'RJ'] });

    expect(sqlOf([card('1', '{{state}}', [filter])])).toBe(
      "`atendimento.tickets`.`created_at` IN ('SP\\'', 'RJ')",
    );
  });

  test('on numbers keep them, without quotes', () => {
    const filter = dateFilter('state', { widgetType: 'number/=', defaultValue: [7, '8'] });

    expect(sqlOf([card('1', '{{state}}', [filter])])).toBe("`atendimento.tickets`.`created_at` IN (7, '8')");
  });

  test('whose column is only a number in the export are left out, with a note', () => {
    const numbered = card('1', 'SELECT 1[[ WHERE {{period}}]]', [
      dateFilter('period', { column: null, defaultValue: 'past30days' }),
    ]);

    expect(resolved([numbered])).toEqual({
      ok: true,
      sql: 'SELECT 1',
      notes: [{ kind: 'column not named', tag: 'period' }],
    });
  });
});

describe('variables', () => {
  test.each([
    ['text', "it's \\", "'it\\'s \\\\'"],
    ['number', 7, '7'],
    ['number', '7.5', '7.5'],
    ['date', '2026-11-01', "'2026-11-01'"],
    ['date', 'past7days', "'2026-11-17'"],
    ['date', 'whenever', "'whenever'"],
    ['boolean', false, '1 <> 1'],
    ['boolean', 'false', '1 <> 1'],
    ['boolean', true, '1 = 1'],
  ])('of type %s with value %s become %s', (type, value, sql) => {
    expect(sqlOf([card('1', '{{v}}', [tag('v', { type, defaultValue: value })])])).toBe(sql);
  });

  test('never put a value that is not a number into the SQL as one', () => {
    const one = card('1', 'LIMIT {{n}}', [tag('n', { type: 'number', defaultValue: '1; DROP TABLE x' })]);

    expect(resolved([one])).toEqual({
      ok: true,
      sql: 'LIMIT 1',
      notes: [{ kind: 'value not understood', tag: 'n' }],
    });
  });

  test('without a value get a typical one, with a note', () => {
    expect(resolved([card('1', 'WHERE a = {{a}}', [tag('a')])])).toEqual({
      ok: true,
      sql: "WHERE a = ''",
      notes: [{ kind: 'needs a value', tag: 'a' }],
    });
  });

  test('group time by their unit, or by the column itself if none is chosen', () => {
    const unit = (defaultValue: unknown) =>
      card('1', '{{by}}', [dateFilter('by', { type: 'temporal-unit', defaultValue })]);

    expect(sqlOf([unit('week')])).toBe('TIMESTAMP_TRUNC(`atendimento.tickets`.`created_at`, WEEK)');
    expect(sqlOf([unit(null)])).toBe('`atendimento.tickets`.`created_at`');
  });

  test('group a column of dates as dates', () => {
    const column = { table: 'atendimento.tickets', name: 'day', baseType: 'type/Date' };
    const by = dateFilter('by', { type: 'temporal-unit', defaultValue: 'month', column });

    expect(sqlOf([card('1', '{{by}}', [by])])).toBe('DATE_TRUNC(`atendimento.tickets`.`day`, MONTH)');
  });
});

describe('snippets and other cards', () => {
  const reference = tag('#7-talks', { type: 'card', cardId: '7' });

  test('are inserted, a card as a subquery with its own defaults', () => {
    const talks = card('7', 'SELECT * FROM m WHERE a = {{a}};', [tag('a', { defaultValue: 'x' })]);
    const one = card('1', 'SELECT 1 FROM {{#7-talks}} WHERE {{snippet: recent}}', [reference]);

    expect(sqlOf([one, talks], 'opened', { snippets: new Map([['recent', 'day > 1']]) })).toBe(
      "SELECT 1 FROM (SELECT * FROM m WHERE a = 'x'\n) WHERE day > 1",
    );
  });

  test('that end in a comment do not hide what follows', () => {
    expect(
      sqlOf([card('1', 'SELECT 1 FROM {{#7-talks}} WHERE 1', [reference]), card('7', 'SELECT 2 -- all')]),
    ).toBe('SELECT 1 FROM (SELECT 2 -- all\n) WHERE 1');
  });

  test.each([
    ['is missing', [], /card #7-talks, which it refers to, is not in the export/],
    ['refers back', [card('7', 'SELECT * FROM {{#1}}')], /refers to itself/],
    [
      'has no SQL',
      [{ ...card('7', ''), query: { kind: 'query builder', sources: [] } as const }],
      /has no SQL in the export/,
    ],
  ])('report it if the card %s', (_how, others, why) => {
    const outcome = resolved([card('1', 'SELECT * FROM {{#7-talks}}', [reference]), ...others]);

    expect(outcome).toEqual({ ok: false, why: expect.stringMatching(why) });
  });

  test('report a missing snippet', () => {
    expect(resolved([card('1', '{{snippet: gone}}')])).toEqual({
      ok: false,
      why: 'snippet "gone" is not in the export',
    });
  });
});
