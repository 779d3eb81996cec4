import { describe, expect, test, vi } from 'vitest';
import { createOtlpTracing } from '../../src/tracing/otlp.ts';
import { littleServer } from '../little-server.ts';
import { startCollector } from './collector.ts';

/** Traces one query with one stage, and closes. */
async function traceOne(endpoint: string) {
  const spans: string[] = [];
  const tracing = createOtlpTracing({
    endpoint,
    sample: 1,
    onSpans: (outcome, count) => spans.push(`${count} ${outcome}`),
  });
  const answer = await tracing.query({}, async (trace) => trace.stage('read', () => 'what was read'));
  await tracing.close();
  return { answer, spans };
}

describe('tracing', () => {
  test('returns the result of the query, and exports waiting spans when it is closed', async () => {
    const collector = await startCollector();

    const { answer, spans } = await traceOne(collector.endpoint);

    expect(answer).toBe('what was read');
    expect(spans).toEqual(['2 exported']);
    expect(collector.spans().map(({ name }) => name)).toEqual(['read', 'query']);
  });

  test('can be closed although the collector never answers', async () => {
    const silent = await littleServer(() => undefined);

    expect((await traceOne(`${silent.url}/v1/traces`)).answer).toBe('what was read');
  });

  test('rethrows what a stage throws, synchronously or not, and records only the type of the error', async () => {
    const collector = await startCollector();
    const tracing = createOtlpTracing({ endpoint: collector.endpoint, sample: 1, onSpans: () => undefined });
    const error = new RangeError("SELECT 'secret'");
    const fail = () => {
      throw error;
    };

    const atOnce = tracing.query({}, async (trace) => trace.stage('read', fail));
    const later = tracing.query({}, (trace) => trace.stage('read', async () => fail()));

    await expect(atOnce).rejects.toBe(error);
    await expect(later).rejects.toBe(error);
    await tracing.close();
    const stages = collector.spans().filter(({ name }) => name === 'read');
    expect(stages.map(({ attributes }) => attributes)).toEqual([
      { 'error.type': 'RangeError' },
      { 'error.type': 'RangeError' },
    ]);
    expect(collector.server.seen.map(({ body }) => body).join()).not.toContain('secret');
  });

  test('follows OpenTelemetry’s standard variables', async () => {
    vi.stubEnv('OTEL_SERVICE_NAME', 'guardrail-finops');
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-tenant=lender');
    const collector = await startCollector();

    await traceOne(collector.endpoint);

    vi.unstubAllEnvs();
    expect(collector.services()).toEqual(new Set(['guardrail-finops']));
    expect(collector.server.seen[0]?.headers).toMatchObject({ 'x-tenant': 'lender' });
  });
});
