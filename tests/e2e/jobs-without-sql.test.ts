import { describe, expect, test } from 'vitest';
import { littleServer, sendJson } from '../little-server.ts';
import { ATENDIMENTO, eventually } from './guardrail.ts';
import { raw } from './raw.ts';
import { forwarded, guardrailBefore, JOBS, QUERIES, useGuardrailBefore } from './scripted-warehouse.ts';

interface Recorded {
  readonly reading: { readonly statement: string };
  readonly caller: object;
}

const house = useGuardrailBefore({ totalBytesProcessed: '0' });
/** What the warehouse was asked to begin in this test; jobs of those before it may still be asked about. */
const posted = () => house.upstream().seen.filter(({ method }) => method === 'POST');

/** How many of a kind were admitted so far, in this test or before. */
function admitted(statement: string): Promise<number> {
  return metric(
    `guardrail_queries_total{team="atendimento",statement_type="${statement}",decision="admitted"} `,
  );
}

function settledByJob(): Promise<number> {
  return metric('guardrail_settlements_total{source="job"} ');
}

async function metric(sample: string): Promise<number> {
  const metrics = await (await fetch(`${house.guardrail().opsUrl}/metrics`)).text();
  const line = metrics.split('\n').find((one) => one.startsWith(sample));
  return Number(line?.slice(sample.length) ?? 0);
}

describe('a job without SQL is forwarded with a label, recorded and counted:', () => {
  const table = { projectId: 'p', datasetId: 'd', tableId: 't' };
  const configurations = {
    LOAD: { load: { sourceUris: ['gs://b/o'], destinationTable: table } },
    COPY: { copy: { sourceTable: table, destinationTable: { ...table, tableId: 'copy' } } },
    EXTRACT: { extract: { sourceTable: table, destinationUris: ['gs://b/o'] } },
  };
  const whole = { table, star: true };

  test.each([
    ['LOAD', configurations.LOAD, []],
    ['COPY', configurations.COPY, [whole]],
    ['EXTRACT', configurations.EXTRACT, [whole]],
  ])('%s', async (statement, configuration, tables) => {
    const admittedBefore = await admitted(statement);
    const settledBefore = await settledByJob();

    const answered = await raw(
      house.guardrail().proxyUrl,
      'POST',
      JOBS,
      JSON.stringify({ configuration: { ...configuration, labels: { own: 'x' } } }),
    );

    const id = answered.headers['x-guardrail-decision-id'];
    expect(answered.status).toBe(200);
    expect(forwarded(house.upstream(), JOBS).configuration).toEqual({
      ...configuration,
      labels: { own: 'x', guardrail_decision: id },
    });
    await eventually(async () => {
      expect((await house.decisions())[0]).toMatchObject({
        id,
        caller: { principal: ATENDIMENTO, team: 'atendimento' },
        reading: { statement, tables },
        settlement: { bytesBilled: '0', jobId: expect.stringMatching(/^p:US\.job_\d+$/), source: 'job' },
      });
    });
    expect(await admitted(statement)).toBe(admittedBefore + 1);
    expect(await settledByJob()).toBe(settledBefore + 1);
  });

  test('what the warehouse takes for it is no overhead', async () => {
    const slowMs = 1_500;
    const upstream = await littleServer((response) => {
      const done = { jobReference: { projectId: 'p', jobId: 'job_1' }, status: { state: 'DONE' } };
      setTimeout(() => sendJson(response, 200, done), slowMs);
    });
    const { guardrail, decisions } = await guardrailBefore(upstream);

    await raw(guardrail.proxyUrl, 'POST', JOBS, JSON.stringify({ configuration: configurations.LOAD }));

    await eventually(async () => expect(await decisions()).toHaveLength(1));
    expect((await decisions())[0].overheadMs).toBeLessThan(slowMs);
  });

  test('its team is in its label, and its principal in its record, once a query has shown who asks', async () => {
    const priced = {
      user_email: ATENDIMENTO,
      statistics: { query: { totalBytesProcessed: '5', referencedTables: [] } },
    };
    const load = { configuration: configurations.LOAD };
    // As to a client that asks for few fields: the answer to the load does not say who started it.
    const upstream = await littleServer((response, { body }) =>
      sendJson(response, 200, body.includes('"load"') ? { kind: 'bigquery#job' } : priced),
    );
    const { guardrail, decisions } = await guardrailBefore(upstream);
    await raw(guardrail.proxyUrl, 'POST', QUERIES, '{"query":"SELECT 1","useLegacySql":false}');

    await raw(guardrail.proxyUrl, 'POST', JOBS, JSON.stringify(load));

    const sent = upstream.seen.find(({ body }) => body.includes('"load"'));
    expect(sent?.body).toContain('"guardrail_team":"atendimento"');
    await eventually(async () => {
      const callers = new Map(
        (await decisions()).map((one: Recorded) => [one.reading.statement, one.caller]),
      );
      expect(callers.get('LOAD')).toMatchObject({ principal: ATENDIMENTO, team: 'atendimento' });
    });
  });

  test('one that the warehouse does not take is recorded as failed, and its end is not waited for', async () => {
    const upstream = await littleServer((response) =>
      sendJson(response, 400, { jobReference: { projectId: 'p', jobId: 'job_1' } }),
    );
    const { guardrail, decisions } = await guardrailBefore(upstream);

    await raw(guardrail.proxyUrl, 'POST', JOBS, JSON.stringify({ configuration: configurations.LOAD }));

    await eventually(async () =>
      expect(await decisions()).toMatchObject([{ outcome: 'failed', cause: 'HTTP 400', settlement: null }]),
    );
    expect(upstream.seen.map(({ method }) => method)).toEqual(['POST']);
  });

  test('a multipart upload keeps its media unchanged, whatever their size', async () => {
    const media = `a,b\r\n${'1,2\r\n--cu t\r\n'.repeat(100_000)}`;
    const part = JSON.stringify({ configuration: configurations.LOAD });
    const body = `--cut\r\nContent-Type: application/json\r\n\r\n${part}\r\n--cut\r\nContent-Type: text/csv\r\n\r\n${media}\r\n--cut--\r\n`;

    const answered = await raw(
      house.guardrail().proxyUrl,
      'POST',
      `/upload${JOBS}?uploadType=multipart`,
      body,
      {
        'content-type': 'multipart/related; boundary="cut"',
      },
    );

    const [sent] = house.upstream().seen.filter((one) => one.url.startsWith('/upload'));
    const [, configuration = '', ...rest] = (sent?.body ?? '').split('\r\n\r\n');
    expect(answered.status).toBe(200);
    expect(JSON.parse(configuration.split('\r\n')[0] ?? '').configuration.labels).toHaveProperty(
      'guardrail_decision',
    );
    expect(rest.join('\r\n\r\n')).toBe(`${media}\r\n--cut--\r\n`);
    expect(sent?.headers['content-length']).toBe(String(Buffer.byteLength(sent?.body ?? '')));
  });

  test('an upload of a query’s dry run is sent as the plain dry run that it is', async () => {
    const configuration = { query: { query: 'SELECT 1' }, dryRun: true };
    const body = `--cut\r\n\r\n${JSON.stringify({ configuration })}\r\n--cut\r\n\r\na,b\r\n--cut--\r\n`;

    const answered = await raw(
      house.guardrail().proxyUrl,
      'POST',
      `/upload${JOBS}?uploadType=multipart`,
      body,
      {
        'content-type': 'multipart/related; boundary=cut',
      },
    );

    expect(answered.status).toBe(200);
    expect(posted().map(({ url, body }) => [url, JSON.parse(body)])).toEqual([[JOBS, { configuration }]]);
  });

  test('a resumable upload has its first request labelled, and its later media passed on', async () => {
    await raw(
      house.guardrail().proxyUrl,
      'POST',
      `/upload${JOBS}?uploadType=resumable`,
      JSON.stringify({ configuration: configurations.LOAD }),
      {
        'x-upload-content-type': 'text/csv',
      },
    );
    const media = await raw(
      house.guardrail().proxyUrl,
      'PUT',
      `/upload${JOBS}?uploadType=resumable&upload_id=u`,
      'a,b',
      { 'content-type': 'text/csv' },
    );

    expect(forwarded(house.upstream(), '/upload').configuration.labels).toHaveProperty('guardrail_decision');
    expect(posted()[0]?.headers['x-upload-content-type']).toBe('text/csv');
    expect(media.status).toBe(200);
    expect(house.upstream().seen.find((one) => one.method === 'PUT')?.body).toBe('a,b');
  });

  test('media that come by POST, as the Go client sends them, are refused and go no further', async () => {
    const media = await raw(
      house.guardrail().proxyUrl,
      'POST',
      `/upload${JOBS}?uploadType=resumable&upload_id=u`,
      'a,b',
      { 'content-type': 'text/csv', 'content-range': 'bytes 0-2/3' },
    );

    expect(media.status).toBe(400);
    expect(posted()).toEqual([]);
  });
});
