import { describe, expect, test } from 'vitest';
import { useWarehouse } from '../warehouse.ts';

const { rows } = useWarehouse();

describe('a query that cannot run fails with BigQuery’s message', () => {
  test.each([
    ['SELEC 1', 400, 'invalidQuery', /^Syntax error: .* at \[1:8\]$/],
    ['SELECT nope FROM atendimento.agents', 400, 'invalidQuery', /^Unrecognized name: nope$/],
    ['SELECT * FROM agents', 400, 'invalidQuery', /^Table "agents" must be qualified with a dataset/],
    [
      'SELECT * FROM atendimento.absent',
      404,
      'notFound',
      /^Not found: Table guardrail-demo:atendimento\.absent was not found/,
    ],
    ['SELECT * FROM absent.agents', 404, 'notFound', /^Not found: Dataset guardrail-demo:absent/],
    [
      'SELECT * FROM elsewhere.atendimento.agents',
      403,
      'accessDenied',
      /^Access Denied: Table elsewhere:atendimento\.agents/,
    ],
    [
      'SELECT * FROM `region-europe-west1`.INFORMATION_SCHEMA.JOBS',
      404,
      'notFound',
      /^Not found: Dataset guardrail-demo:region-europe-west1 was not found in location US$/,
    ],
    [
      'SELECT * FROM elsewhere.`region-us`.INFORMATION_SCHEMA.JOBS',
      403,
      'accessDenied',
      /^Access Denied: Table elsewhere:region-us\.INFORMATION_SCHEMA\.JOBS/,
    ],
    ['SELECT * FROM atendimento.INFORMATION_SCHEMA.JOBS', 404, 'notFound', /^Not found: Table/],
    ['SELECT * FROM INFORMATION_SCHEMA.JOBS', 400, 'invalidQuery', /must be qualified with a dataset/],
    [
      'DELETE FROM `region-us`.INFORMATION_SCHEMA.JOBS WHERE TRUE',
      400,
      'invalidQuery',
      /is a view of INFORMATION_SCHEMA, which no statement writes$/,
    ],
    [
      'DROP TABLE atendimento.INFORMATION_SCHEMA.TABLES',
      400,
      'invalidQuery',
      /is a view of INFORMATION_SCHEMA, which no statement writes$/,
    ],
    ['SELECT 1 / 0', 400, 'invalidQuery', /division by zero/],
    ['UPDATE finops.payments SET amount = 0', 400, 'invalidQuery', /^UPDATE must have a WHERE clause$/],
    ['DELETE FROM finops.payments', 400, 'invalidQuery', /^DELETE must have a WHERE clause$/],
    ['CREATE TABLE finops.payments AS SELECT 1 AS a', 409, 'duplicate', /^Already Exists: Table payments$/],
    ['DROP TABLE finops.absent', 404, 'notFound', /^Not found: Table absent$/],
    ["SELECT SPLIT('a-b', '-')[OFFSET(2)]", 400, 'invalidQuery', /Array index 2 is out of bounds/],
    ["SELECT SPLIT('a-b', '-')[ORDINAL(0)]", 400, 'invalidQuery', /Array index 0 is out of bounds/],
  ])('%s', async (sql, httpStatus, reason, message) => {
    await expect(rows(sql)).rejects.toMatchObject({
      httpStatus,
      reason,
      message: expect.stringMatching(message),
    });
  });

  test.each([
    'SELECT 1; SELECT 2',
    "EXPORT DATA OPTIONS (uri = 'gs://b/*') AS SELECT 1",
    'SELECT * FROM `guardrail-demo.atendimento.messages_*`',
    'SELECT * FROM atendimento.messages FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()',
    'SELECT * FROM atendimento.messages TABLESAMPLE SYSTEM (10 PERCENT)',
    "CREATE TABLE atendimento.p PARTITION BY d AS SELECT DATE '2026-01-01' AS d",
    'SELECT * FROM `region-us`.INFORMATION_SCHEMA.TABLES',
    'SELECT CAST(1 AS BIGNUMERIC)',
    'SELECT ST_GEOGPOINT(1, 2)',
    "SELECT FORMAT('%05d', 42)",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT FORMAT_DATE('%e', DATE '2026-01-01')",
    "SELECT 'b' NOT LIKE ANY ('a', 'b')",
    "SELECT INSTR('abcb', 'b', -1)",
    "SELECT REGEXP_EXTRACT('a1b2', '[0-9]', 1, 2)",
    'SELECT REGEXP_EXTRACT(name, name) FROM atendimento.agents',
  ])('%s is answered as not supported', async (sql) => {
    await expect(rows(sql)).rejects.toMatchObject({ httpStatus: 501, reason: 'notImplemented' });
  });
});
