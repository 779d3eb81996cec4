import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunEvent } from '../../src/records/lineage/run-event.ts';
import { faultsOf } from '../records/lineage/validity.ts';
import { ATENDIMENTO, clientAt, eventually, post, useHouse } from './guardrail.ts';
import { endLeases } from './leases.ts';
import { type ProxyProcess, startBeside } from './proxy-process.ts';
import { guardrailBefore, JOBS, warehouse } from './scripted-warehouse.ts';

/** How the lineage server treats an event. */
let mood: 'takes' | 'fails' | 'hangs' = 'takes';
const taken: RunEvent[] = [];
let requests = 0;

const receiver = createServer(async (request, response) => {
  requests += 1;
  const event = (await json(request)) as RunEvent;
  if (mood === 'hangs') return;
  if (mood === 'takes') taken.push(event);
  response.writeHead(mood === 'takes' ? 201 : 503).end();
});
const url = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/api/v1/lineage`;

beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});

beforeEach(() => {
  mood = 'takes';
});

const house = useHouse({
  sandbox: { messages: 3_000 },
  settings: () => ({ lineage: url() }),
});

/** A second guardrail on the same ledger, as a process that can be killed. */
let other: ProxyProcess | null = null;
afterAll(async () => {
  await other?.kill();
  receiver.closeAllConnections();
  receiver.close();
});

/** @returns the decision's ID, which is the run's */
async function query(client = house.client()): Promise<string> {
  await client.query(
    `-- Metabase:: userID: 4711 queryType: native\nSELECT COUNT(*) AS n FROM atendimento.tickets WHERE subject != '${randomUUID()}'`,
  );
  const { decisions } = await house.ops('/api/v1/decisions?limit=1');
  return decisions[0].id;
}

function typesOf(decisionId: string): readonly string[] {
  return taken.filter(({ run }) => run.runId === decisionId).map(({ eventType }) => eventType);
}

test('each query that runs is sent to the lineage server, in events that follow the OpenLineage specification', async () => {
  const id = await query();
  await house
    .client()
    .query('SELECT 1 AS a, 2 FROM nowhere.at_all')
    .catch(() => undefined);
  await house
    .client()
    .query('SELECT * FROM atendimento.messages')
    .catch(() => undefined);

  await eventually(async () => expect(typesOf(id)).toEqual(['START', 'COMPLETE']));

  // Queries that were refused or could not be priced did not run.
  expect(new Set(taken.map(({ run }) => run.runId))).toEqual(new Set([id]));
  expect(taken.at(-1)).toMatchObject({
    inputs: [
      {
        namespace: 'bigquery',
        name: 'guardrail-demo.atendimento.tickets',
        inputFacets: { guardrail_columnUse: { filtered: [], tested: ['subject'] } },
      },
    ],
    run: { facets: { guardrail_cost: { team: 'atendimento', bytesBilled: 10_485_760, currency: 'USD' } } },
  });
  expect(taken.at(-1)?.job.facets['sql']?.['query']).toMatch(/^SELECT COUNT/);
  expect(JSON.stringify(taken)).not.toContain('4711');
  expect(taken.flatMap(faultsOf)).toEqual([]);
  expect(await house.metric('guardrail_lineage_events_total', { outcome: 'sent' })).toBe(2);
});

test('a lineage server that fails, hangs and recovers delays no query and misses none, across kills and restarts', async () => {
  other = await startBeside(house, { GUARDRAIL_LINEAGE: url() });
  const ids: string[] = [];
  mood = 'fails';
  ids.push(await query(), await query(clientAt(other.url, ATENDIMENTO)));
  // Both settlements. A decision sealed before its settlement has no event yet, and is skipped.
  await eventually(async () =>
    expect(await house.metric('guardrail_lineage_waiting_entries')).toBeGreaterThanOrEqual(2),
  );
  expect(await house.metric('guardrail_lineage_waiting_since_timestamp_seconds')).toBeGreaterThan(0);

  mood = 'hangs';
  const before = requests;
  await eventually(async () => expect(requests).toBeGreaterThan(before), 30_000);
  ids.push(await query());
  await other.kill();
  await other.start();
  ids.push(await query(clientAt(other.url, ATENDIMENTO)));

  mood = 'takes';
  receiver.closeAllConnections();
  endLeases(house.ledger());
  await house.restart();
  ids.push(await query());

  await eventually(async () => {
    for (const id of ids) {
      expect(typesOf(id)).toEqual(expect.arrayContaining(['START', 'COMPLETE']));
      expect(typesOf(id)[0]).toBe('START');
    }
  }, 150_000);
  await eventually(async () => expect(await house.metric('guardrail_lineage_waiting_entries')).toBe(0));
  expect(taken.flatMap(faultsOf)).toEqual([]);
}, 240_000);

test('the table that a statement writes is sent with the source columns of each of its columns', async () => {
  const upstream = await warehouse({
    totalBytesProcessed: '5',
    statementType: 'CREATE_TABLE_AS_SELECT',
    ddlTargetTable: { projectId: 'p', datasetId: 'd', tableId: 'by_day' },
  });
  const { guardrail, decisions } = await guardrailBefore(upstream, { lineage: url() });
  const sql = 'CREATE TABLE d.by_day AS SELECT t.day AS d, SUM(t.n) AS n FROM d.t AS t GROUP BY 1';
  await post(
    `${guardrail.proxyUrl}${JOBS}`,
    JSON.stringify({ configuration: { query: { query: sql, useLegacySql: false } } }),
  );

  const [{ id }] = await decisions();
  await eventually(async () => expect(typesOf(id)).toEqual(['START', 'COMPLETE']));

  const event = taken.find(({ run, eventType }) => run.runId === id && eventType === 'COMPLETE');
  const from = (field: string, subtype: string) => ({
    inputFields: [{ name: 'p.d.t', field, transformations: [{ type: 'DIRECT', subtype }] }],
  });
  expect(event?.outputs).toMatchObject([
    {
      name: 'p.d.by_day',
      facets: { columnLineage: { fields: { d: from('day', 'IDENTITY'), n: from('n', 'AGGREGATION') } } },
    },
  ]);
  expect(taken.flatMap(faultsOf)).toEqual([]);
});
