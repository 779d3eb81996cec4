import { describe, expect, test } from 'vitest';
import { billedBytes } from '../../../src/sandbox/bytes/processed.ts';
import { useWarehouse } from '../warehouse.ts';

const { plan, rows, bytesOf, opened } = useWarehouse();
const MIB = 1n << 20n;

describe('a dry run counts the logical bytes of the columns read', () => {
  test('fixed sizes by type, none for nulls', async () => {
    const [counts] = await rows('SELECT COUNT(*), COUNT(closed_at) FROM atendimento.tickets');
    const [all, closed] = counts?.f.map((cell) => BigInt(String(cell.v))) ?? [];

    expect(await bytesOf('SELECT ticket_id FROM atendimento.tickets')).toBe((all ?? 0n) * 8n);
    expect(await bytesOf('SELECT closed_at FROM atendimento.tickets')).toBe((closed ?? 0n) * 8n);
    expect(await bytesOf('SELECT principal_amount FROM finops.contracts')).toBe(
      16n * BigInt((await rows('SELECT contract_id FROM finops.contracts')).length),
    );
  });

  test('text by its UTF-8 bytes plus two', async () => {
    const bodies = await rows('SELECT body FROM atendimento.messages');
    const expected = bodies.reduce((sum, row) => sum + 2 + Buffer.byteLength(String(row.f[0]?.v)), 0);

    expect(await bytesOf('SELECT body FROM atendimento.messages')).toBe(BigInt(expected));
  });

  test('arrays by their elements, records by their fields, fields on their own', async () => {
    const tags = await rows('SELECT tag FROM atendimento.tickets, UNNEST(tags) AS tag');
    const tagBytes = tags.reduce((sum, row) => sum + 2 + Buffer.byteLength(String(row.f[0]?.v)), 0);

    const id = await bytesOf('SELECT customer.id FROM atendimento.tickets');
    const state = await bytesOf('SELECT customer.state FROM atendimento.tickets');
    const segment = await bytesOf('SELECT customer.segment FROM atendimento.tickets');

    expect(await bytesOf('SELECT tags FROM atendimento.tickets')).toBe(BigInt(tagBytes));
    expect(await bytesOf('SELECT customer FROM atendimento.tickets')).toBe(id + state + segment);
  });

  test('including columns in filters, joins and groups, but not unused columns', async () => {
    const sender = await bytesOf('SELECT sender FROM atendimento.messages');
    const ticketId = await bytesOf('SELECT ticket_id FROM atendimento.messages');

    const both = sender + ticketId;
    expect(await bytesOf('SELECT sender FROM atendimento.messages WHERE ticket_id > 5')).toBe(both);
    expect(
      await bytesOf('SELECT COUNT(*) FROM atendimento.messages WHERE ticket_id IS NOT NULL GROUP BY sender'),
    ).toBe(both);
    expect(await bytesOf('SELECT sender FROM (SELECT * FROM atendimento.messages)')).toBe(sender);
    expect(await bytesOf('WITH m AS (SELECT * FROM atendimento.messages) SELECT sender FROM m')).toBe(sender);
  });

  test('regardless of LIMIT, and none for counting rows', async () => {
    const whole = await bytesOf('SELECT * FROM atendimento.messages');
    const { numBytes } = await opened().getTable({
      projectId: 'guardrail-demo',
      datasetId: 'atendimento',
      tableId: 'messages',
    });

    expect(whole).toBe(numBytes);
    expect(await bytesOf('SELECT * FROM atendimento.messages LIMIT 1')).toBe(whole);
    expect(await bytesOf('SELECT COUNT(*) FROM atendimento.messages')).toBe(0n);
  });

  test('once for a table that is read twice', async () => {
    const sender = await bytesOf('SELECT sender FROM atendimento.messages');
    const ticketId = await bytesOf('SELECT ticket_id FROM atendimento.messages');

    const joined = await bytesOf(
      'SELECT a.sender FROM atendimento.messages a JOIN atendimento.messages b ON a.ticket_id = b.ticket_id',
    );

    expect(joined).toBe(sender + ticketId);
  });
});

test('views are resolved to the tables and columns behind them', async () => {
  const { referencedTables, totalBytesProcessed } = await plan(
    'SELECT sender, channel FROM atendimento.conversations',
  );

  const direct = await bytesOf(
    'SELECT m.sender, t.channel FROM atendimento.messages m JOIN atendimento.tickets t USING (ticket_id)',
  );
  expect(referencedTables.map((table) => table.tableId).toSorted()).toEqual(['messages', 'tickets']);
  expect(totalBytesProcessed).toBe(direct);
});

test('changing rows reads every column of the changed table', async () => {
  const whole = await bytesOf('SELECT * FROM finops.fund_managers');

  expect(await bytesOf("UPDATE finops.fund_managers SET name = 'x' WHERE fund_manager_id = 1")).toBe(whole);
  expect(await bytesOf('DELETE FROM finops.fund_managers WHERE fund_manager_id = 1')).toBe(whole);
});

test.each([
  'SELECT column_name FROM atendimento.INFORMATION_SCHEMA.COLUMNS',
  'SELECT job_id FROM `region-us`.INFORMATION_SCHEMA.JOBS',
  'SELECT COUNT(*) FROM `region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT',
])('INFORMATION_SCHEMA costs its minimum of 10 MiB: %s', async (sql) => {
  const { totalBytesBilled } = await plan(sql);

  expect(totalBytesBilled).toBe(10n * MIB);
});

describe('bytes are billed', () => {
  test('in whole MiB, at least ten for each table with bytes', () => {
    expect(billedBytes([1n])).toBe(10n * MIB);
    expect(billedBytes([1n, 1n])).toBe(20n * MIB);
    expect(billedBytes([10n * MIB + 1n])).toBe(11n * MIB);
    expect(billedBytes([11n * MIB])).toBe(11n * MIB);
  });

  test('as zero if nothing is processed', () => {
    expect(billedBytes([])).toBe(0n);
    expect(billedBytes([0n])).toBe(0n);
  });
});
