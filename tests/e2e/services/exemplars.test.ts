import { afterAll, beforeAll, expect, test } from 'vitest';
import { atendimentoCards } from '../dashboards.ts';
import { eventually, useHouse } from '../guardrail.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

const house = useHouse({ sandbox: { messages: 3_000 } });
let prometheus: Prometheus | null = null;

beforeAll(async () => {
  prometheus = await startPrometheus(new URL(house.guardrail().opsUrl).host);
  for (const { query, params } of atendimentoCards) {
    await house.client().query({ query, ...(params === undefined ? {} : { params }) });
  }
  await house
    .client()
    .query('SELECT * FROM atendimento.messages')
    .catch(() => undefined);
});
afterAll(() => prometheus?.close());

test.each([
  'guardrail_overhead_seconds_bucket',
  'guardrail_dry_run_seconds_bucket',
  'guardrail_query_bytes_bucket',
  'guardrail_query_seconds_bucket',
  'guardrail_bytes_estimated_total',
  'guardrail_bytes_processed_total',
  'guardrail_bytes_billed_total',
  'guardrail_bytes_refused_total',
])(
  'a real Prometheus stores decision IDs as exemplars of %s, and the API knows these decisions',
  async (name) => {
    await eventually(async () => {
      const exemplars = (await prometheus?.exemplars(name)) ?? [];

      expect(exemplars.length).toBeGreaterThan(0);
      for (const { labels } of exemplars) {
        const decision = await house.ops(`/api/v1/decisions/${labels['decision']}`);
        expect(decision.id).toBe(labels['decision']);
      }
    });
  },
);

const CLASSIC = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

test.each([
  [
    'Prometheus 2',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    OPEN_METRICS,
  ],
  [
    'Prometheus 3',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
  ],
  ['a scraper that accepts only the classic format', 'text/plain;version=0.0.4', CLASSIC],
  ['curl', '*/*', CLASSIC],
  ['a browser', 'text/html,application/xhtml+xml,*/*;q=0.8', CLASSIC],
  ['a client that accepts neither format', 'image/png', CLASSIC],
])(
  '%s gets the metrics format that its Accept header prefers, or else the classic one',
  async (_who, accept, contentType) => {
    const response = await fetch(`${house.guardrail().opsUrl}/metrics`, { headers: { accept } });

    expect(response.headers.get('content-type')).toBe(contentType);
    expect((await response.text()).endsWith('# EOF\n')).toBe(contentType !== CLASSIC);
  },
);
