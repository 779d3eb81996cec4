import { expect, test } from 'vitest';
import { eventually, post, useHouse } from '../guardrail.ts';

const house = useHouse();
const HASH = '0cc175b9c0f1b6a831c399e269772661';

interface Case {
  readonly tool: string;
  readonly column: string;
  readonly card: string | null;
  remark(person: string, run: number): string;
  readonly label: string;
}

const CASES: readonly Case[] = [
  {
    tool: 'metabase',
    column: 'priority',
    card: '0a1b',
    remark: (person) => `-- Metabase:: userID: ${person} queryType: MBQL queryHash: 0a1b\n`,
    label: 'metabase_user_id',
  },
  {
    tool: 'redash',
    column: 'status',
    card: '7',
    remark: (person, run) =>
      `/* Username: ${person}, query_id: 7, Queue: queries, Job ID: 5f-${run}, Query Hash: ${HASH}, Scheduled: False */ `,
    label: 'redash_username',
  },
  {
    tool: 'looker',
    column: 'channel',
    card: null,
    remark: (person, run) =>
      `-- Looker Query Context '{"user_id":${person},"history_slug":"f${run}","instance_slug":"71d4"}' \n`,
    label: 'looker-context-user_id',
  },
  {
    tool: 'superset',
    column: 'agent_id',
    card: null,
    remark: (person, run) => `-- [SQL LAB] ${person} 2026-11-18T10:00:0${run}.123456\n`,
    label: 'superset_user',
  },
];

async function ask(query: string) {
  const url = `${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`;
  const answer = await post(url, JSON.stringify({ query, useLegacySql: false }));
  return { body: answer.body, id: answer.headers.get('x-guardrail-decision-id') };
}

async function configurationOf(decisionId: string | null) {
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  return jobs.find((one) => one.metadata.configuration.labels?.guardrail_decision === decisionId)?.metadata
    .configuration;
}

test.each(CASES)(
  'a card of $tool opened by two persons is billed once, and recorded for each of them',
  async (tool) => {
    const sql = `SELECT ${tool.column}, COUNT(*) AS n FROM atendimento.tickets GROUP BY ${tool.column}`;

    const first = await ask(tool.remark('1', 1) + sql);
    const second = await ask(tool.remark('2', 2) + sql);

    expect(first.body).toMatchObject({ cacheHit: false });
    expect(second.body).toMatchObject({ cacheHit: true, totalBytesBilled: '0', rows: first.body.rows });
    for (const [person, result] of [
      ['1', first],
      ['2', second],
    ] as const) {
      const configuration = await configurationOf(result.id);
      expect(configuration.query.query).toBe(sql);
      expect(configuration.labels[tool.label]).toBe(person);
      const record = await house.ops(`/api/v1/decisions/${result.id}`);
      expect(record.caller).toMatchObject({ tool: tool.tool, person, card: tool.card });
    }
    await eventually(async () => {
      const { settlement } = await house.ops(`/api/v1/decisions/${second.id}`);
      expect(settlement).toMatchObject({ bytesBilled: '0', cacheHit: true });
    });
  },
);

test('a long remark is turned into labels that the warehouse accepts', async () => {
  const sql = 'SELECT COUNT(*) AS n FROM atendimento.agents';
  const person = `Ana.Souza+${'x'.repeat(80)}@Example.com`;

  const result = await ask(CASES[1]?.remark(person, 3) + sql);

  const { labels } = await configurationOf(result.id);
  expect(labels.redash_username).toBe(`ana_souza_${'x'.repeat(53)}`);
});

test('a forbidden query is refused behind the remark of every tool', async () => {
  for (const { remark } of CASES) {
    const answer = await post(
      `${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`,
      JSON.stringify({ query: `${remark('1', 1)}SELECT * FROM atendimento.messages`, useLegacySql: false }),
    );

    expect(answer.status).toBe(403);
  }
});
