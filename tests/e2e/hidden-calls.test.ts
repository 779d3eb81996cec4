import { beforeAll, describe, expect, test } from 'vitest';
import { littleServer, sendJson } from '../little-server.ts';
import { folderOf } from '../policy/builders.ts';
import { ATENDIMENTO, useHouse } from './guardrail.ts';
import { raw } from './raw.ts';
import { guardrailBefore, QUERIES } from './scripted-warehouse.ts';

const POLICY = `
version: 1
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
rules:
  - name: work-of-other-services
    mode: deny
    when: query.outside_services.size() > 0
    message: \${query.outside_services.join(", ")} is work that no budget counts.
  - name: unread-definitions
    mode: deny
    when: query.unread_definitions.size() > 0
    message: guardrail cannot read \${query.unread_definitions.join(", ")}.
`;

const house = useHouse({ policies: { 'all.yaml': POLICY } });

beforeAll(async () => {
  const direct = house.direct();
  await direct.query(
    "CREATE VIEW atendimento.summaries AS SELECT ticket_id, AI.GENERATE('in short').result AS summary FROM atendimento.tickets",
  );
  await direct.query(
    'CREATE VIEW atendimento.short_list AS SELECT ticket_id FROM `guardrail-demo.atendimento.summaries`',
  );
});

test('a query over a view that calls a model is refused, as if it called the model itself', async () => {
  await expect(house.client().query('SELECT summary FROM atendimento.summaries')).rejects.toThrow(
    'AI.GENERATE is work that no budget counts.',
  );
});

test('so is a query over a view of that view', async () => {
  await expect(house.client().query('SELECT ticket_id FROM atendimento.short_list')).rejects.toThrow(
    'AI.GENERATE is work that no budget counts.',
  );
});

test('a query over tables, or over a view that calls no model, runs', async () => {
  const [agents] = await house.client().query('SELECT COUNT(*) AS n FROM atendimento.agents');
  const [days] = await house.client().query('SELECT COUNT(*) AS n FROM atendimento.daily_volume');

  expect([agents.length, days.length]).toEqual([1, 1]);
});

describe('a warehouse that names a function', () => {
  const dryRun = {
    jobReference: { projectId: 'p', jobId: 'j', location: 'US' },
    user_email: ATENDIMENTO,
    statistics: {
      query: {
        statementType: 'SELECT',
        totalBytesProcessed: '0',
        referencedRoutines: [{ projectId: 'p', datasetId: 'd', routineId: 'score' }],
      },
    },
  };
  /** What a query is answered if the function's definition is answered like this. */
  const answerWith = async (status: number, definition: unknown) => {
    const upstream = await littleServer((response, { url }) =>
      url.includes('/routines/') ? sendJson(response, status, definition) : sendJson(response, 200, dryRun),
    );
    const folder = await folderOf({ 'all.yaml': POLICY });
    const { guardrail } = await guardrailBefore(upstream, { policies: folder });
    const query = JSON.stringify({ query: 'SELECT d.score(1)', useLegacySql: false });
    const answer = await raw(guardrail.proxyUrl, 'POST', QUERIES, query);
    return { status: answer.status, message: answer.json.error?.message };
  };

  test('has the query refused if the function is remote', async () => {
    const remote = {
      routineType: 'SCALAR_FUNCTION',
      remoteFunctionOptions: { endpoint: 'https://f.example' },
    };

    expect(await answerWith(200, remote)).toEqual({
      status: 403,
      message: expect.stringContaining('p.d.score is work that no budget counts.'),
    });
  });

  test('has the query refused if the caller may not see the function', async () => {
    expect(await answerWith(403, {})).toEqual({
      status: 403,
      message: expect.stringContaining('guardrail cannot read p.d.score.'),
    });
  });

  test('has the query run if the function calls nothing', async () => {
    const plain = { routineType: 'SCALAR_FUNCTION', language: 'SQL', definitionBody: 'x + 1' };

    expect(await answerWith(200, plain)).toMatchObject({ status: 200 });
  });
});
