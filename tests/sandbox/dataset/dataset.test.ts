import { expect, test } from 'vitest';
import { openWarehouse } from '../../../src/sandbox/open-warehouse.ts';
import { LAST_DAY, PROJECT, useWarehouse } from '../warehouse.ts';

const { opened, rows, values } = useWarehouse();

test('the data is the same each time it is generated', async () => {
  const again = await openWarehouse({ asOf: LAST_DAY, messages: 6000 });
  const sql = `SELECT SUM(LENGTH(body)) AS a, SUM(ticket_id) AS b, MIN(created_at) AS c, MAX(created_at) AS d FROM atendimento.messages`;
  const amounts = 'SELECT SUM(amount) AS a, COUNT(*) AS n FROM finops.payments';

  const run = async (query: string) => {
    const plan = await again.plan({ projectId: PROJECT, sql: query, parameters: [] });
    return (await again.run(plan, new AbortController().signal)).page(0, 1, { useInt64Timestamp: true });
  };

  expect(await run(sql)).toEqual(await rows(sql));
  expect(await run(amounts)).toEqual(await rows(amounts));
  await again.close();
});

test('the data covers 92 days up to the requested last day', async () => {
  const [first, last, days] =
    (await values(
      'SELECT MIN(DATE(created_at)), MAX(DATE(created_at)), COUNT(DISTINCT DATE(created_at)) FROM atendimento.tickets',
    )) ?? [];

  expect([first, last, days]).toEqual(['2026-08-01', LAST_DAY, '92']);
});

test('every message belongs to a ticket, and every payment to an instalment of its contract', async () => {
  const [strayMessages] =
    (await values(
      'SELECT COUNT(*) FROM atendimento.messages AS m LEFT JOIN atendimento.tickets AS t USING (ticket_id) WHERE t.ticket_id IS NULL',
    )) ?? [];
  const [strayPayments] =
    (await values(
      'SELECT COUNT(*) FROM finops.payments AS p LEFT JOIN finops.instalments AS i ON i.instalment_id = p.instalment_id AND i.contract_id = p.contract_id WHERE i.instalment_id IS NULL',
    )) ?? [];

  expect([strayMessages, strayPayments]).toEqual(['0', '0']);
});

test('the daily reconciliation agrees with the payments to the cent, and some days do not balance', async () => {
  const [reconciled] = (await values('SELECT SUM(received_amount) FROM finops.reconciliation_daily')) ?? [];
  const [paid] = (await values('SELECT SUM(amount) FROM finops.payments')) ?? [];
  const differences = await rows('SELECT * FROM finops.open_differences');

  expect(reconciled).toBe(paid);
  expect(differences.length).toBeGreaterThan(0);
});

test('labels distinguish governed from legacy tables', async () => {
  const tables = await opened().listTables(PROJECT, 'atendimento');

  const legacy = tables
    .filter((table) => table.labels['status'] === 'legacy')
    .map((table) => table.reference.tableId);

  expect(legacy).toEqual(['legacy_messages_export', 'tickets_2024_backup']);
});
