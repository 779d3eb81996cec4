import { Dialect, parse } from '@polyglot-sql/sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits, type Candidate } from '../../src/advice/candidate.ts';
import { candidatesFor } from '../../src/advice/candidates.ts';
import { tokensOf } from '../../src/sql/tokens/tokens.ts';
import { subject } from './builders.ts';

const trivia = fc.constantFrom(
  ' ',
  '\n',
  '  ',
  ' /* WHERE * */ ',
  ' -- FROM d.x\n',
  ' # SELECT *\n',
  ' /* 😀 ` */ ',
);
const literal = fc.constantFrom("'WHERE'", '"😀 * "', "r'''FROM 'x'''", '42', "b'\\x00'");
const column = fc.constantFrom('id', 'body', '`tags`', 'created_at');
const table = fc.constantFrom(
  'messages',
  '`p.d.messages`',
  'p.d.messages AS t',
  'payments',
  'old',
  'agents a',
  '`p`.d.old',
);

const condition: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(column, literal).map(([name, value]) => `${name} = ${value}`),
  fc.tuple(column, column, literal).map(([a, b, value]) => `${a} = ${b} OR ${b} < ${value}`),
  fc.constant('created_at > CURRENT_TIMESTAMP()'),
);

/** The parts of a SELECT; the test puts white space and comments between them. */
const select = (source: fc.Arbitrary<string>) =>
  fc
    .record({
      projected: fc.constantFrom('*', 'id', '*, 1 AS one', 'COUNT(DISTINCT body)', 'id * 2'),
      source,
      join: fc.option(
        fc.constantFrom('JOIN view USING (id)', 'LEFT JOIN messages AS n USING (id)', ', UNNEST([1])'),
      ),
      where: fc.option(condition),
      tail: fc.constantFrom('', 'ORDER BY id', 'LIMIT 10', 'GROUP BY ALL', 'QUALIFY TRUE'),
    })
    .map(({ projected, source, join, where, tail }) => [
      ...['SELECT', projected, 'FROM', source],
      ...(join === null ? [] : [join]),
      ...(where === null ? [] : ['WHERE', where]),
      ...(tail === '' ? [] : [tail]),
    ]);

const nested = fc
  .tuple(select(table), fc.constantFrom('subquery', 'with', 'union', 'in'), select(fc.constant('m')))
  .map(([inner, how, outer]): readonly string[] => {
    if (how === 'with') return ['WITH', 'm', 'AS', '(', ...inner, ')', ...outer];
    if (how === 'union') return [...inner, 'UNION ALL', ...inner];
    if (how === 'in') return ['SELECT', '*', 'FROM', 'agents', 'WHERE', 'id', 'IN', '(', ...inner, ')'];
    return ['SELECT', 'id', 'FROM', '(', ...inner, ')', 'AS', 'm'];
  });

const query = fc
  .tuple(fc.oneof(select(table), nested), fc.array(trivia, { minLength: 1 }))
  .map(([words, gaps]) => words.map((word, index) => `${word}${gaps[index % gaps.length]}`).join(''));

const REPLACED = { 'p.d.old': { table: 'p.d.messages', result: 'changed' } } as const;

const parses = (sql: string) => parse(sql, Dialect.BigQuery).success;

const triviaAndLiterals = (sql: string) =>
  [...tokensOf(sql)].flatMap(({ space, text }) => {
    if (text !== undefined) return [text];
    return space === undefined || space.trim() === '' ? [] : [space.trim()];
  });

/** The original query, restored from a rewrite by undoing each edit. */
function undone(sql: string, form: string, { edits }: Candidate): string {
  let [text, read, shift] = ['', 0, 0];
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    text += form.slice(read, start + shift) + sql.slice(start, end);
    read = start + shift + put.length;
    shift += put.length - (end - start);
  }
  return text + form.slice(read);
}

test('every rewrite of any query parses, keeps comments and literals, and differs only where it was edited', () => {
  let forms = 0;
  fc.assert(
    fc.property(query.filter(parses), (sql) => {
      for (const candidate of candidatesFor(subject(sql, REPLACED))) {
        const form = applyEdits(sql, candidate.edits);
        forms += 1;
        expect(parses(form), form).toBe(true);
        expect(undone(sql, form, candidate)).toBe(sql);
        expect(triviaAndLiterals(form).filter((one) => !one.startsWith("'2026-"))).toEqual(
          triviaAndLiterals(sql),
        );
        expect(form).not.toBe(sql);
      }
    }),
    { numRuns: 80 },
  );
  expect(forms).toBeGreaterThan(60);
}, 60_000);
