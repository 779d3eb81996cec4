import { describe, expect, test } from 'vitest';
import type { LittleServer } from '../little-server.ts';
import { type CollectedSpan, startCollector } from '../tracing/collector.ts';
import { ATENDIMENTO, eventually, post } from './guardrail.ts';
import { guardrailBefore, QUERIES, warehouse } from './scripted-warehouse.ts';

const SELECT = { totalBytesProcessed: '5', totalBytesProcessedAccuracy: 'PRECISE', statementType: 'SELECT' };
const LARGE = { ...SELECT, totalBytesProcessed: String(2 ** 50) };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const CONTEXT = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=opaque,other=1' };
const SQL =
  "-- Metabase:: userID: 4711 queryType: native queryHash: 0a\nSELECT 'secret-word' AS secret_column";

const query = (proxyUrl: string, headers: Readonly<Record<string, string>> = {}) =>
  post(`${proxyUrl}${QUERIES}`, JSON.stringify({ query: SQL, useLegacySql: false }), headers);

/** The queries that reached the warehouse, without dry runs. */
const sentOn = (upstream: LittleServer) => upstream.seen.filter(({ url }) => url.startsWith(QUERIES));

const rootOf = (spans: readonly CollectedSpan[]) => spans.find(({ name }) => name === 'query');

describe('with traces on', () => {
  test('an admitted query has a root span with one child span for each stage', async () => {
    const collector = await startCollector();
    const upstream = await warehouse(SELECT);
    const {
      guardrail: { proxyUrl },
    } = await guardrailBefore(upstream, { traces_endpoint: collector.endpoint });

    const answer = await query(proxyUrl);

    await eventually(async () => expect(rootOf(collector.spans())).toBeDefined());
    const spans = collector.spans();
    const root = rootOf(spans);
    const stages = spans
      .filter(({ parentSpanId }) => parentSpanId === root?.spanId)
      .toSorted((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano))
      .map(({ name }) => name);
    expect(stages).toEqual(
      expect.arrayContaining([
        'identify',
        'read',
        'estimate',
        'decide',
        'reserve',
        'record',
        'forward',
        'settle',
      ]),
    );
    expect(stages).toHaveLength(8);
    expect(stages[0]).toBe('identify');
    expect(stages.at(-1)).toBe('settle');
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(root?.attributes).toEqual({
      'guardrail.decision': answer.headers.get('x-guardrail-decision-id'),
      'guardrail.team': 'atendimento',
      'guardrail.outcome': 'admitted',
      'guardrail.bytes_estimated': 10_485_760,
      'guardrail.bytes_billed': 10_485_760,
    });
    expect(collector.services()).toEqual(new Set(['guardrail']));
  });

  test('the spans of a refused query end at the stage that refuses it, and its root span is not an error', async () => {
    const collector = await startCollector();
    const {
      guardrail: { proxyUrl },
    } = await guardrailBefore(await warehouse(LARGE), {
      traces_endpoint: collector.endpoint,
    });

    const answer = await query(proxyUrl);

    expect(answer.status).toBe(403);
    await eventually(async () => expect(rootOf(collector.spans())).toBeDefined());
    const spans = collector.spans();
    expect(rootOf(spans)).toMatchObject({
      attributes: { 'guardrail.outcome': 'refused' },
      status: { code: 0 },
    });
    expect(spans.map(({ name }) => name)).toContain('record');
    expect(spans.map(({ name }) => name)).not.toContain('forward');
    expect(spans.filter(({ attributes }) => attributes['error.type'] === 'Refused')).toHaveLength(1);
  });

  test('the root span of a query that cannot be priced is an error', async () => {
    const collector = await startCollector();
    const {
      guardrail: { proxyUrl },
    } = await guardrailBefore(
      { url: 'http://127.0.0.1:9', seen: [] },
      { traces_endpoint: collector.endpoint },
    );

    await query(proxyUrl);

    await eventually(async () => expect(rootOf(collector.spans())).toBeDefined());
    expect(rootOf(collector.spans())).toMatchObject({
      attributes: { 'guardrail.outcome': 'failed' },
      status: { code: 2 },
    });
  });

  test('the client’s trace continues: its span is the parent here, and the forward span is the parent at the warehouse', async () => {
    const collector = await startCollector();
    const upstream = await warehouse(SELECT);
    const {
      guardrail: { proxyUrl },
    } = await guardrailBefore(upstream, { traces_endpoint: collector.endpoint });

    await query(proxyUrl, CONTEXT);

    await eventually(async () => expect(rootOf(collector.spans())).toBeDefined());
    expect(rootOf(collector.spans())).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
    const forward = collector.spans().find(({ name }) => name === 'forward');
    expect(sentOn(upstream)[0]?.headers).toMatchObject({
      traceparent: `00-${TRACE}-${forward?.spanId}-01`,
      tracestate: CONTEXT.tracestate,
    });
  });

  test.each([
    ['that the client does not trace', { ...CONTEXT, traceparent: `00-${TRACE}-${PARENT}-00` }, 1],
    ['outside the sample', {}, 0],
  ])(
    'a query %s is forwarded with its headers unchanged, and no span is exported',
    async (_which, headers, sample) => {
      const collector = await startCollector();
      const upstream = await warehouse(SELECT);
      const {
        guardrail: { proxyUrl },
      } = await guardrailBefore(upstream, {
        traces_endpoint: collector.endpoint,
        traces_sample: sample,
      });

      await query(proxyUrl, headers);

      const { traceparent, tracestate } = sentOn(upstream)[0]?.headers ?? {};
      expect({ ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) }).toEqual(headers);
      expect(collector.server.seen).toEqual([]);
    },
  );

  test('an invalid traceparent starts a new trace, without the client’s tracestate', async () => {
    const collector = await startCollector();
    const upstream = await warehouse(SELECT);
    const {
      guardrail: { proxyUrl },
    } = await guardrailBefore(upstream, { traces_endpoint: collector.endpoint });

    await query(proxyUrl, { ...CONTEXT, traceparent: '00-nonsense' });

    await eventually(async () => expect(rootOf(collector.spans())).toBeDefined());
    const { traceparent, tracestate } = sentOn(upstream)[0]?.headers ?? {};
    expect(traceparent).toContain(rootOf(collector.spans())?.traceId);
    expect(tracestate).toBeUndefined();
  });

  test('spans contain no SQL, person, principal or token', async () => {
    const collector = await startCollector();
    const {
      guardrail: { proxyUrl },
    } = await guardrailBefore(await warehouse(LARGE), {
      traces_endpoint: collector.endpoint,
    });

    await query(proxyUrl);

    await eventually(async () => expect(rootOf(collector.spans())).toBeDefined());
    const sent = collector.server.seen.map(({ body }) => body).join('\n');
    for (const secret of ['secret-word', 'secret_column', 'SELECT', '4711', ATENDIMENTO, 'sandbox:'])
      expect(sent).not.toContain(secret);
  });

  test.each([
    ['is down', async () => 'http://127.0.0.1:9/v1/traces'],
    ['rejects spans', async () => (await startCollector(400)).endpoint],
  ])('queries still pass when the collector %s, and the failed spans are counted', async (_how, endpoint) => {
    const {
      guardrail: { proxyUrl, opsUrl },
    } = await guardrailBefore(await warehouse(SELECT), {
      traces_endpoint: await endpoint(),
    });

    const answers = await Promise.all([query(proxyUrl), query(proxyUrl)]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await eventually(async () => {
      const metrics = await (await fetch(`${opsUrl}/metrics`)).text();
      expect(metrics).toMatch(/guardrail_trace_spans_total\{outcome="failed"\} 18/);
    }, 30_000);
  });
});

test('with traces off, the client’s trace context is forwarded unchanged', async () => {
  const upstream = await warehouse(SELECT);
  const {
    guardrail: { proxyUrl },
  } = await guardrailBefore(upstream);

  await query(proxyUrl, CONTEXT);

  expect(sentOn(upstream)[0]?.headers).toMatchObject(CONTEXT);
});
