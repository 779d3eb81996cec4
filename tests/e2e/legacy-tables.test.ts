import { expect, test } from 'vitest';
import { guardrail } from './command-line.ts';
import { useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 500 } });
const LEGACY = 'guardrail-demo.atendimento.legacy_messages_export';

function sunset(table: string, ...args: readonly string[]) {
  return guardrail(['catalog', 'sunset', table, ...args], {
    GUARDRAIL_LEDGER: house.ledger(),
    GUARDRAIL_POLICIES: house.policies(),
  });
}

test('a query of a legacy table is counted under its catalog name, and catalog sunset says that it cannot retire', async () => {
  await house.client().query('SELECT COUNT(body) AS n FROM atendimento.legacy_messages_export');
  await house.client().query('SELECT COUNT(*) AS n FROM atendimento.agents');

  const used = await sunset(LEGACY);
  const named = await sunset('atendimento.legacy_messages_export');
  const unused = await sunset('guardrail-demo.atendimento.tickets_2024_backup', '--format', 'json');

  expect(
    await house.metric('guardrail_legacy_table_queries_total', { table: LEGACY, team: 'atendimento' }),
  ).toBe(1);
  expect(used).toMatchObject({ code: 1, stderr: '' });
  expect(used.stdout).toContain(`${LEGACY}: cannot retire.\nIt was used once in the last 30 days.`);
  expect(used.stdout).toContain('replacement guardrail-demo.atendimento.messages');
  // Without its project, as in SQL.
  expect(named.stdout).toContain('replacement guardrail-demo.atendimento.messages');
  expect(unused.code).toBe(2);
  expect(JSON.parse(unused.stdout)).toMatchObject({ verdict: 'not proven', entry: { status: 'legacy' } });
  expect(await sunset('backup')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Write project.dataset.table'),
  });
}, 120_000);

test('a view that is read only behind another view cannot be retired', async () => {
  const direct = house.direct();
  await direct.query('CREATE VIEW atendimento.names AS SELECT name FROM atendimento.agents');
  await direct.query('CREATE VIEW atendimento.first_names AS SELECT name FROM atendimento.names');
  await house.client().query('SELECT COUNT(name) AS n FROM atendimento.first_names');

  const { code, stdout } = await sunset('guardrail-demo.atendimento.names');

  expect(stdout).toContain('It was used once in the last 30 days.');
  expect(code).toBe(1);
}, 60_000);
