import { describe, expect, test } from 'vitest';
import { mayMakeModel } from '../../../src/sql/tokens/may-make-model.ts';

describe('a script', () => {
  test.each([
    'SELECT 1; CREATE MODEL d.m OPTIONS (model_type = "kmeans") AS SELECT 1 AS a',
    'SELECT 1; create or replace /* again */ model d.m AS SELECT 1 AS a',
    'SELECT 1; CREATE -- not yet\n MODEL IF NOT EXISTS d.m AS SELECT 1 AS a',
    'BEGIN CREATE MODEL d.m AS SELECT 1 AS a; END',
    "EXECUTE IMMEDIATE CONCAT('CREATE MOD', 'EL d.m AS SELECT 1 AS a')",
    'CALL d.train()',
  ])('may create a model if it says so, or runs unseen SQL: %s', (sql) => {
    expect(mayMakeModel(sql)).toBe(true);
  });

  test('may create a model if it is too long to tokenise and contains the keywords', () => {
    const long = `SELECT ${'1, '.repeat(20_000)} 2 FROM d.t`;

    expect(mayMakeModel(`${long}; CREATE MODEL d.m AS SELECT 1 AS a`)).toBe(true);
    expect(mayMakeModel(long)).toBe(false);
  });

  test.each([
    'SELECT model FROM d.cars; SELECT 2',
    "SELECT 'CREATE MODEL d.m' -- CREATE MODEL d.m",
    'SELECT * FROM ML.PREDICT(MODEL d.m, TABLE d.t); SELECT 2',
    'DROP MODEL d.m; EXPORT MODEL d.n OPTIONS (uri = "gs://b/n")',
    'SELECT call FROM d.t; SELECT 2',
    'SELECT 1; SELECT 2',
  ])('otherwise does not create a model: %s', (sql) => {
    expect(mayMakeModel(sql)).toBe(false);
  });
});
