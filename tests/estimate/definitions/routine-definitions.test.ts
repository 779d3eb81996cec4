import { describe, expect, test } from 'vitest';
import { createRoutineDefinitions } from '../../../src/estimate/definitions/routine-definitions.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { littleServer, sendJson } from '../../little-server.ts';
import { asker, PROJECT } from '../builders.ts';

const ROUTINE = { projectId: PROJECT, datasetId: 'd', routineId: 'f' };
const ana = asker('ana');

async function definitions(answer: Parameters<typeof littleServer>[0]) {
  const warehouse = await littleServer(answer);
  const asking = { upstream: warehouse.url, timeoutMs: 5000, ttlMs: 60_000, maxEntries: 10 };
  return { ...createRoutineDefinitions(asking), warehouse };
}

/** The definition read from a routine resource. */
async function made(resource: unknown) {
  const { of } = await definitions((response) => sendJson(response, 200, resource));
  return of(ROUTINE, ana);
}

describe('a routine that the warehouse describes', () => {
  test.each([
    [
      'a function in SQL',
      { routineType: 'SCALAR_FUNCTION', language: 'SQL', definitionBody: 'x + 1 -- more' },
    ],
    ['a table function', { routineType: 'TABLE_VALUED_FUNCTION', definitionBody: 'SELECT a FROM d.t' }],
  ])('has SQL that can be read: %s', async (_what, resource) => {
    const definition = await made(resource);

    expect(definition?.isOutside).toBe(false);
    expect(readSql(definition?.sql ?? '', { projectId: PROJECT, defaultDataset: null }).reader).toBe(
      'polyglot',
    );
  });

  test('has the statements of a procedure as they are', async () => {
    const definitionBody = 'BEGIN SELECT 1; END';

    expect(await made({ routineType: 'PROCEDURE', language: 'SQL', definitionBody })).toEqual({
      isOutside: false,
      sql: definitionBody,
    });
  });

  test('has no SQL if it is in JavaScript, which BigQuery runs itself', async () => {
    const resource = { routineType: 'SCALAR_FUNCTION', language: 'JAVASCRIPT', definitionBody: 'return 1;' };

    expect(await made(resource)).toEqual({ isOutside: false, sql: null });
  });

  test.each([
    [
      'a remote function',
      { routineType: 'SCALAR_FUNCTION', remoteFunctionOptions: { endpoint: 'https://f' } },
    ],
    ['a function in Python', { routineType: 'SCALAR_FUNCTION', language: 'PYTHON', definitionBody: 'def f' }],
    [
      'a Spark procedure',
      { routineType: 'PROCEDURE', language: 'PYTHON', sparkOptions: { runtimeVersion: '2' } },
    ],
    ['a function in a language of later years', { routineType: 'SCALAR_FUNCTION', language: 'RUST' }],
  ])('is the work of another service: %s', async (_what, resource) => {
    expect(await made(resource)).toEqual({ isOutside: true, sql: null });
  });
});

test("a routine is asked for once, with the caller's own credential", async () => {
  const { of, warehouse } = await definitions((response) =>
    sendJson(response, 200, { routineType: 'SCALAR_FUNCTION', definitionBody: '1' }),
  );

  await of(ROUTINE, ana);
  await of(ROUTINE, ana);

  expect(warehouse.seen).toHaveLength(1);
  expect(warehouse.seen[0]?.url).toMatch(
    /^\/bigquery\/v2\/projects\/guardrail-demo\/datasets\/d\/routines\/f\?fields=/,
  );
  expect(warehouse.seen[0]?.headers).toMatchObject({ authorization: 'Bearer ana' });
});

test('a routine that the caller may not see has no definition', async () => {
  const { of } = await definitions((response) => sendJson(response, 403, {}));

  expect(await of(ROUTINE, ana)).toBeNull();
});
