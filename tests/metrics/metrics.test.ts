import { describe, expect, test } from 'vitest';
import { CONTENT_TYPES, exposition } from '../../src/metrics/exposition.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';

/** The lines with a metric's values. */
async function lines(metrics: ReturnType<typeof createMetrics>, name: string): Promise<string[]> {
  const text = await exposition(metrics.registry, CONTENT_TYPES[0]);
  return text.split('\n').filter((line) => new RegExp(`^${name}(_bucket|_sum|_count)?[{ ]`).test(line));
}

/** The metrics of guardrail itself, without those of the process and the runtime. */
async function ownMetrics() {
  const all = await createMetrics().registry.getMetricsAsJSON();
  return all.filter(({ name }) => !/^guardrail_(process|nodejs)_/.test(name));
}

describe('the metrics', () => {
  test('all have the prefix guardrail_ and a help text', async () => {
    const all = await createMetrics().registry.getMetricsAsJSON();

    for (const { name, help } of all) {
      expect(name).toMatch(/^guardrail_/);
      expect(help).not.toBe('');
    }
  });

  test('have names ending in _total for counters, and in the unit for histograms', async () => {
    const own = await ownMetrics();

    expect(own.length).toBeGreaterThan(15);
    for (const { name, type } of own) {
      expect([name, name.endsWith('_total')]).toEqual([name, String(type) === 'counter']);
      if (String(type) === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/);
    }
  });

  test('count queries by team, statement and decision', async () => {
    const metrics = createMetrics();

    metrics.queries.inc({ team: 'atendimento', statement_type: 'SELECT', decision: 'refused' });
    metrics.queries.inc({ team: 'atendimento', statement_type: 'SELECT', decision: 'refused' });

    expect(await lines(metrics, 'guardrail_queries_total')).toEqual([
      'guardrail_queries_total{team="atendimento",statement_type="SELECT",decision="refused"} 2',
    ]);
  });

  test('refuse a label that could grow without bound', () => {
    const metrics = createMetrics();

    for (const label of ['sql', 'person', 'table', 'principal']) {
      const labels = { team: 'a', [label]: 'x' };

      expect(() => metrics.queries.inc(labels)).toThrow(label);
      expect(() => metrics.bytesBilled.inc({ labels })).toThrow(label);
    }
  });

  test('have buckets fine enough for the overhead with a cached estimate', async () => {
    const metrics = createMetrics();

    metrics.overheadSeconds.observe({ value: 0.0004 });
    metrics.overheadSeconds.observe({ value: 0.3 });

    const exposed = await lines(metrics, 'guardrail_overhead_seconds');
    expect(exposed).toContain('guardrail_overhead_seconds_bucket{le="0.00025"} 0');
    expect(exposed).toContain('guardrail_overhead_seconds_bucket{le="0.0005"} 1');
    expect(exposed).toContain('guardrail_overhead_seconds_bucket{le="0.5"} 2');
    expect(exposed).toContain('guardrail_overhead_seconds_count 2');
  });

  test('are separate for each registry, so that two guardrails in one process do not add up', async () => {
    const one = createMetrics();
    const other = createMetrics();

    one.unreadSql.inc({ team: 'a' });

    expect(await lines(one, 'guardrail_unread_sql_total')).toEqual([
      'guardrail_unread_sql_total{team="a"} 1',
    ]);
    expect(await lines(other, 'guardrail_unread_sql_total')).toEqual([]);
  });
});
