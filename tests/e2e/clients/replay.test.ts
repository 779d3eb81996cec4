import { describe, expect, test } from 'vitest';
import { useHouse } from '../guardrail.ts';
import { comparable, replay } from './replay.ts';
import { BQ, PYTHON_SCRIPT, REDASH } from './shapes/discovery.ts';
import { GO_READ, GO_RUN, GRAFANA, MCP_TOOLBOX } from './shapes/go.ts';
import { JAVA, METABASE } from './shapes/java.ts';
import { CUBE, DATAFORM, MALLOY } from './shapes/node.ts';
import { DBT, PYTHON_QUERY, PYTHON_QUERY_AND_WAIT } from './shapes/python.ts';
import type { ClientShape } from './shapes/shape.ts';

const house = useHouse();
const FORBIDDEN = 'SELECT * FROM atendimento.messages';
const SHAPES = [
  PYTHON_QUERY,
  PYTHON_QUERY_AND_WAIT,
  DBT,
  JAVA,
  METABASE,
  GO_RUN,
  GO_READ,
  GRAFANA,
  MCP_TOOLBOX,
  BQ,
  REDASH,
  PYTHON_SCRIPT,
  CUBE,
  MALLOY,
  DATAFORM,
].map((shape): [string, ClientShape] => [shape.client, shape]);

function queryOf(shape: ClientShape): string {
  return `SELECT status, priority, created_at FROM atendimento.tickets${
    shape.where === undefined ? '' : ` WHERE ${shape.where}`
  } ORDER BY ticket_id LIMIT 5`;
}

/** Every job that the warehouse ran. */
async function jobs() {
  const [all] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  return all.map((job) => job.metadata);
}

describe.each(SHAPES)('%s', (_client, shape) => {
  test('gets the same answers as from the warehouse', async () => {
    const sql = queryOf(shape);

    const direct = await replay(house.sandbox().url, shape, sql);
    const guarded = await replay(house.guardrail().proxyUrl, shape, sql);

    expect(direct.map(({ status }) => status)).toEqual(direct.map(() => 200));
    expect(guarded.map(({ status }) => status)).toEqual(direct.map(({ status }) => status));
    const rows = direct.map(({ body }) => body.rows).filter((some) => some !== undefined);
    expect(rows.at(-1)?.length).toBeGreaterThan(0);
    expect(guarded.map(({ body }) => comparable(withoutSql(body)))).toEqual(
      direct.map(({ body }) => comparable(withoutSql(body))),
    );
  });

  test('has its job capped and labelled, and its tool recorded', async () => {
    const answers = await replay(house.guardrail().proxyUrl, shape, queryOf(shape));

    const id = answers
      .map(({ headers }) => headers.get('x-guardrail-decision-id'))
      .find((one) => one !== null);
    const job = (await jobs()).find((one) => one.configuration.labels?.guardrail_decision === id);
    const record = await house.ops(`/api/v1/decisions/${id}`);
    const cap = BigInt(job?.configuration.query.maximumBytesBilled);
    expect(cap).toBeGreaterThan(0n);
    if (shape.cap !== undefined) expect(cap).toBeLessThanOrEqual(shape.cap);
    expect(job?.configuration.labels).toMatchObject({ ...shape.labels, guardrail_team: 'atendimento' });
    expect(record.caller).toMatchObject({ tool: shape.tool, ...shape.hints });
  });

  test('is refused a forbidden query once, with 403, and nothing runs', async () => {
    const before = { jobs: (await jobs()).length, decisions: await refusals() };

    const answers = await replay(house.guardrail().proxyUrl, shape, FORBIDDEN);

    const refusal = answers.at(-1);
    expect(refusal).toMatchObject({
      status: 403,
      body: { error: { code: 403, errors: [{ reason: 'accessDenied' }] } },
    });
    expect(refusal?.body.error.message).toContain('no-star-over-messages');
    expect(await refusals()).toBe(before.decisions + 1);
    expect(await jobs()).toHaveLength(before.jobs);
  });
});

async function refusals(): Promise<number> {
  const { decisions } = await house.ops('/api/v1/decisions?limit=1000');
  return decisions.filter((one: { outcome: string }) => one.outcome === 'refused').length;
}

/** Removes the SQL from a job's resource, since guardrail moves a remark out of it. */
function withoutSql(body: { configuration?: { query?: object } }): unknown {
  const query = body.configuration?.query;
  if (query === undefined) return body;
  return { ...body, configuration: { ...body.configuration, query: { ...query, query: null } } };
}
