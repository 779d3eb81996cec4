import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ATENDIMENTO, FINOPS, useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 500 } });
const AGENTS = 'guardrail-demo.atendimento.agents';
const LEGACY = 'guardrail-demo.atendimento.legacy_messages_export';

interface ExportedTable {
  readonly table: string;
  readonly queries: number;
  readonly columns: { readonly unused: readonly string[] | null };
}

async function exported(...args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    GUARDRAIL_LEDGER: house.ledger(),
    GUARDRAIL_POLICIES: house.policies(),
    GUARDRAIL_UPSTREAM: house.sandbox().url,
    GUARDRAIL_TOKEN: `sandbox:${ATENDIMENTO}`,
  };
  const command = ['src/main.ts', 'catalog', 'export', ...args];
  return (await promisify(execFile)(process.execPath, command, { env })).stdout;
}

function tableIn(answer: { readonly tables: readonly ExportedTable[] }, name: string) {
  return answer.tables.find(({ table }) => table === name);
}

beforeAll(async () => {
  await house.client().query(`SELECT name FROM atendimento.agents WHERE queue != ''`);
  await house.client(FINOPS).query('SELECT COUNT(body) AS n FROM atendimento.legacy_messages_export');
  await house
    .client()
    .query('SELECT * FROM atendimento.messages')
    .catch(() => undefined);
});

test('the export says who reads each table and, with --columns, which columns of the warehouse nobody uses', async () => {
  const report = JSON.parse(await exported('--columns'));

  expect(tableIn(report, AGENTS)).toMatchObject({
    status: 'governed',
    owner: 'dados',
    readAs: 'table',
    queries: 1,
    teams: [{ team: 'atendimento', queries: 1, bytesBilled: '10485760' }],
    columns: { named: [{ column: 'name' }, { column: 'queue' }] },
  });
  expect(tableIn(report, AGENTS)?.columns.unused).toEqual(['agent_id', 'hired_on', 'channels', 'active']);
  expect(tableIn(report, LEGACY)).toMatchObject({ status: 'legacy', teams: [{ team: 'finops' }] });
  // Refused, so not read.
  expect(tableIn(report, 'guardrail-demo.atendimento.messages')).toMatchObject({ queries: 0, readAs: null });
}, 60_000);

test('the API answers the same, except for columns that only the warehouse knows', async () => {
  const answer = await house.ops('/api/v1/catalog');

  expect(answer).toMatchObject({ version: 1, recordsSince: expect.stringMatching(/Z$/) });
  expect(tableIn(answer, AGENTS)).toMatchObject({ queries: 1, columns: { unused: null } });
  expect(await house.ops('/api/v1/catalog?from=2026-01-01&to=2026-01-02')).toMatchObject({
    tables: expect.arrayContaining([expect.objectContaining({ table: AGENTS, queries: 0 })]),
  });
  expect(await house.ops('/api/v1/catalog?by=team')).toMatchObject({ error: expect.stringContaining('by') });
});

test('the export is also written as Markdown and as CSV', async () => {
  expect(await exported('--format', 'markdown', '--language', 'pt-BR')).toContain(
    `| \`${LEGACY}\` | legada, use`,
  );
  expect(await exported('--format', 'csv')).toMatch(/^table,status,.*\nguardrail-demo\./);
}, 60_000);
