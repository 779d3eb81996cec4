import { BigQueryTimestamp } from '@google-cloud/bigquery';
import { describe, expect, test } from 'vitest';
import { clientOf, useSandbox } from '../sandbox.ts';

const sandbox = useSandbox();

describe("Google's own client", () => {
  test('gets rows in the types that the schema names', async () => {
    const bigquery = clientOf(sandbox());

    const [rows] = await bigquery.query(
      "SELECT 7 AS n, 'olá' AS s, TRUE AS b, 1.5 AS f, CAST(NULL AS STRING) AS z, TIMESTAMP '2026-01-02 03:04:05.123456+00' AS t",
    );

    expect(rows).toEqual([
      { n: 7, s: 'olá', b: true, f: 1.5, z: null, t: new BigQueryTimestamp('2026-01-02T03:04:05.123456Z') },
    ]);
  });

  test('binds named and positional parameters', async () => {
    const bigquery = clientOf(sandbox());

    const [named] = await bigquery.query({
      query: 'SELECT @n + 1 AS n, @s AS s',
      params: { n: 41, s: "d'água" },
    });
    const [positional] = await bigquery.query({ query: 'SELECT ? AS a, ? AS b', params: [true, 'x'] });

    expect(named).toEqual([{ n: 42, s: "d'água" }]);
    expect(positional).toEqual([{ a: true, b: 'x' }]);
  });

  test('pages through a large result and sees every row once', async () => {
    const bigquery = clientOf(sandbox());

    const [rows] = await bigquery.query({
      query: 'SELECT message_id FROM atendimento.messages',
      maxResults: 3000,
    });

    expect(rows).toHaveLength(20_000);
    expect(new Set(rows.map((row) => row.message_id)).size).toBe(20_000);
  });

  test('receives the warehouse’s error', async () => {
    const bigquery = clientOf(sandbox());

    const failed = bigquery.query('SELECT no_such_column FROM atendimento.messages');

    await expect(failed).rejects.toMatchObject({ code: 400, errors: [{ reason: 'invalidQuery' }] });
  });
});
