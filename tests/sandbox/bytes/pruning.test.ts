import { describe, expect, test } from 'vitest';
import { useWarehouse } from '../warehouse.ts';

const { bytesOf, values } = useWarehouse();

/** Rows of days that a query reads, by what `ticket_id` costs: eight bytes a row. */
async function rowsRead(where: string): Promise<bigint> {
  return (await bytesOf(`SELECT ticket_id FROM atendimento.messages WHERE ${where}`)) / 8n;
}

/** Rows that are there between two days, the second left out; one column more than the query reads for its filter. */
async function rowsOfDays(from: string, to: string): Promise<bigint> {
  const [count] =
    (await values(
      `SELECT COUNT(*) FROM atendimento.messages WHERE created_at >= '${from} 00:00:00+00' AND created_at < '${to} 00:00:00+00'`,
    )) ?? [];
  return BigInt(String(count)) * 2n;
}

describe('partitions are pruned by constant conditions on the partition column', () => {
  test.each([
    ['a lower bound', "created_at >= '2026-10-30'", '2026-10-30', '2026-11-01'],
    [
      'a bound within a day keeps the day',
      "created_at > '2026-10-31 23:00:00+00'",
      '2026-10-31',
      '2026-11-01',
    ],
    [
      'a bound at midnight leaves the day before out',
      "created_at < '2026-08-03 00:00:00+00'",
      '2026-08-01',
      '2026-08-03',
    ],
    ['a range', "created_at >= '2026-10-01' AND created_at < '2026-10-03'", '2026-10-01', '2026-10-03'],
    ['BETWEEN', "created_at BETWEEN '2026-10-01' AND '2026-10-02 12:00:00+00'", '2026-10-01', '2026-10-03'],
    ['the date of it', "DATE(created_at) = '2026-10-05'", '2026-10-05', '2026-10-06'],
    ['dates of it in a list', "DATE(created_at) IN ('2026-10-05', '2026-10-06')", '2026-10-05', '2026-10-07'],
    [
      'its truncation',
      "TIMESTAMP_TRUNC(created_at, MONTH) = TIMESTAMP '2026-10-01'",
      '2026-10-01',
      '2026-11-01',
    ],
    ['the constant first', "TIMESTAMP '2026-10-30' <= created_at", '2026-10-30', '2026-11-01'],
    [
      'arithmetic with constants',
      "created_at >= TIMESTAMP_SUB(TIMESTAMP '2026-10-31', INTERVAL 1 DAY)",
      '2026-10-30',
      '2026-11-01',
    ],
    [
      'either of two days',
      "DATE(created_at) = '2026-10-05' OR DATE(created_at) = '2026-10-06'",
      '2026-10-05',
      '2026-10-07',
    ],
    [
      'beside another condition',
      "created_at >= '2026-10-31' AND created_at IS NOT NULL",
      '2026-10-31',
      '2026-11-01',
    ],
    [
      'in the future',
      'created_at >= TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 300 DAY)',
      '2027-10-01',
      '2027-10-02',
    ],
  ])('%s', async (_what, where, from, to) => {
    expect(await rowsRead(where)).toBe(await rowsOfDays(from, to));
  });

  test('through views, subqueries and common table expressions', async () => {
    const day = "created_at >= '2026-10-31'";
    const direct = await bytesOf(`SELECT sender FROM atendimento.messages WHERE ${day}`);

    expect(await bytesOf(`SELECT sender FROM (SELECT * FROM atendimento.messages) WHERE ${day}`)).toBe(
      direct,
    );
    expect(
      await bytesOf(`WITH m AS (SELECT * FROM atendimento.messages) SELECT sender FROM m WHERE ${day}`),
    ).toBe(direct);
  });

  test('on a column of dates', async () => {
    const all = await bytesOf('SELECT amount FROM finops.instalments WHERE due_date IS NOT NULL');

    const some = await bytesOf("SELECT amount FROM finops.instalments WHERE due_date >= '2026-10-15'");

    expect(some).toBeGreaterThan(0n);
    expect(some).toBeLessThan(all / 2n);
  });
});

describe('nothing is pruned by', () => {
  test.each([
    ['another column', "sender = 'agent' AND created_at IS NOT NULL"],
    ['a function that BigQuery does not see through', 'EXTRACT(HOUR FROM created_at) = 3'],
    ['a value that is not constant', 'created_at >= (SELECT MAX(created_at) FROM atendimento.tickets)'],
    ['one side of OR', "(created_at >= '2026-10-31' OR ticket_id = 7)"],
    ['a negation', "NOT (DATE(created_at) = '2026-10-31')"],
  ])('%s', async (_what, where) => {
    const all = await bytesOf('SELECT created_at FROM atendimento.messages');

    expect(
      await bytesOf(`SELECT created_at FROM atendimento.messages WHERE ${where}`),
    ).toBeGreaterThanOrEqual(all);
  });
});
