import { describe, expect, test } from 'vitest';
import { countDecision, countSettlement } from '../../src/metrics/count.ts';
import { CONTENT_TYPES, exposition } from '../../src/metrics/exposition.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { decision, settlement } from '../records/builders.ts';

const [CLASSIC, OPEN_METRICS = ''] = CONTENT_TYPES;

function metricsAfterOneQuery() {
  const metrics = createMetrics();
  countDecision(decision({ id: 'd-1', overheadMs: 3 }), () => null, metrics);
  countSettlement(settlement({ decisionId: 'd-1', durationMs: 700 }), 'atendimento', metrics);
  return metrics;
}

/** The sample lines of one metric. */
async function samplesIn(contentType: string, name: string): Promise<readonly string[]> {
  const text = await exposition(metricsAfterOneQuery().registry, contentType);
  return text.split('\n').filter((line) => line.startsWith(`guardrail_${name}`));
}

describe('metrics in OpenMetrics', () => {
  test.each([
    ['overhead_seconds_bucket{le="0.005"}', 'd-1'],
    ['bytes_estimated_total', 'd-1'],
    ['bytes_processed_total', 'd-1'],
    ['bytes_billed_total', 'd-1'],
    ['query_bytes_bucket{le="10485760"', 'd-1'],
    ['query_seconds_bucket{le="1"', 'd-1'],
  ])('have the decision ID as the exemplar of %s', async (name, id) => {
    const [line] = await samplesIn(OPEN_METRICS, name);

    expect(line).toMatch(new RegExp(` # \\{decision="${id}"\\} [0-9.]+ [0-9.]+$`));
  });

  test('end with # EOF, and declare counters without _total', async () => {
    const text = await exposition(createMetrics().registry, OPEN_METRICS);

    expect(text).toMatch(/# EOF\n$/);
    expect(text).toContain('# TYPE guardrail_queries counter\n');
  });

  test('do not change the classic format of the same registry', async () => {
    const { registry } = metricsAfterOneQuery();
    const before = await exposition(registry, CLASSIC);

    await exposition(registry, OPEN_METRICS);

    const names = (text: string) => text.split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(names(await exposition(registry, CLASSIC))).toEqual(names(before));
  });

  test('have the same samples as in the classic format', async () => {
    const { registry } = metricsAfterOneQuery();
    // Metrics of the process itself differ between scrapes.
    const own = (text: string) =>
      text
        .replaceAll(/ # \{.*$/gm, '')
        .split('\n')
        .filter((line) => /^guardrail_(?!process|nodejs)/.test(line));

    const openMetrics = own(await exposition(registry, OPEN_METRICS));

    expect(openMetrics).toEqual(own(await exposition(registry, CLASSIC)));
    expect(openMetrics.length).toBeGreaterThan(50);
  });
});

test('the classic format has no exemplars, which its readers could not parse', async () => {
  expect(await exposition(metricsAfterOneQuery().registry, CLASSIC)).not.toContain(' # {');
});
