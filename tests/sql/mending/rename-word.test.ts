import { describe, expect, test } from 'vitest';
import { renameWord } from '../../../src/sql/mending/rename-word.ts';

/** Renames the last mention of a word. */
function renameLast(sql: string, word: string) {
  return renameWord(sql, sql.lastIndexOf(word));
}

describe('a name that parsers take for a keyword gets another one', () => {
  test.each([
    ['an alias', 'SELECT a FROM e.t final', 'final', 'SELECT a FROM e.t _0___'],
    ['an alias of a quoted table', 'SELECT a FROM `e.t` old', 'old', 'SELECT a FROM `e.t` _0_'],
    ['an alias of a subquery', 'SELECT a FROM (SELECT 1) row', 'row', 'SELECT a FROM (SELECT 1) _0_'],
    ['an alias before a clause', 'SELECT a FROM t key\nWHERE b', 'key', 'SELECT a FROM t _0_\nWHERE b'],
    ['a field', 'UPDATE SET t.language = 1', 'language', 'UPDATE SET t._0______ = 1'],
    ['a parameter', 'FUNCTION f(key BYTES)', 'key', 'FUNCTION f(_0_ BYTES)'],
    ['one after a comment', 'FROM t /* of */ old', 'old', 'FROM t /* of */ _0_'],
  ])('%s', (_what, sql, word, renamed) => {
    expect(renameLast(sql, word)).toEqual({ sql: renamed, word, standIn: expect.stringMatching(/^_0_+$/) });
  });

  test('which occurs nowhere else in the SQL', () => {
    expect(renameLast("SELECT _0_, '_1_' FROM t old", 'old')).toEqual({
      sql: "SELECT _0_, '_1_' FROM t _2_",
      word: 'old',
      standIn: '_2_',
    });
  });
});

describe('nothing is renamed', () => {
  test.each([
    ['that is reserved', 'SELECT a FROM t WHERE', 'WHERE'],
    ['that is reserved, in small letters', 'select a from t where', 'where'],
    ['that begins a statement', 'SELECT 1; begin', 'begin'],
    ['that begins the SQL', 'export', 'export'],
    ['that follows a reserved word', 'END WHILE', 'WHILE'],
    ['that is called', 'SELECT a FROM t match (b)', 'match'],
    ['that begins a literal', "SELECT a, date '2026-01-01'", 'date'],
    ['that is quoted', 'SELECT a FROM t `final`', '`final`'],
    ['that is a text', "SELECT a FROM t 'final'", "'final'"],
    ['in the middle of a word', 'SELECT a FROM t finally', 'ally'],
    ['for which there is no other name', 'SELECT a FROM t x', 'x'],
  ])('%s', (_what, sql, word) => {
    expect(renameLast(sql, word)).toBeNull();
  });

  test('after the end of the SQL', () => {
    expect(renameWord('SELECT a FROM t final', 21)).toBeNull();
  });
});
