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

/** The lines of one metric's samples. */
async function samplesIn(contentType: string, name: string): Promise<readonly string[]> {
  const text = await exposition(metricsAfterOneQuery().registry, contentType);
  return text.split('\n').filter((line) => line.startsWith(`guardrail_${name}`));
}

describe('OpenMetrics', () => {
  test.each([
    ['overhead_seconds_bucket{le="0.005"}', 'd-1'],
    ['bytes_estimated_total', 'd-1'],
    ['bytes_processed_total', 'd-1'],
    ['bytes_billed_total', 'd-1'],
    ['query_bytes_bucket{le="10485760"', 'd-1'],
    ['query_seconds_bucket{le="1"', 'd-1'],
  ])('tell the decision behind %s', async (name, id) => {
    const [line] = await samplesIn(OPEN_METRICS, name);

    expect(line).toMatch(new RegExp(` # \\{decision="${id}"\\} [0-9.]+ [0-9.]+$`));
  });

  test('end as the format says, and name counters without their ending', async () => {
    const text = await exposition(createMetrics().registry, OPEN_METRICS);

    expect(text).toMatch(/# EOF\n$/);
    expect(text).toContain('# TYPE guardrail_queries counter\n');
  });

  test('leave the other format as it is', async () => {
    const { registry } = metricsAfterOneQuery();
    const before = await exposition(registry, CLASSIC);

    await exposition(registry, OPEN_METRICS);

    const names = (text: string) => text.split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(names(await exposition(registry, CLASSIC))).toEqual(names(before));
  });

  test('tell the same samples as the other format, whichever is asked for first', async () => {
    const { registry } = metricsAfterOneQuery();
    // What the process itself is doing differs from one look to the next.
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

test('the classic format has no exemplars, which its readers would not understand', async () => {
  expect(await exposition(metricsAfterOneQuery().registry, CLASSIC)).not.toContain(' # {');
});
