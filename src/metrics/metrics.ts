import { collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';
import { VERSION } from '../foundation/version.ts';
import { entryMetrics, keepingMetrics } from './books-metrics.ts';
import { budgetMetrics, pricingMetrics, readingMetrics, ruleMetrics } from './decision-metrics.ts';
import { familiesIn } from './families.ts';
import { healthMetrics, tlsMetrics, upkeepMetrics } from './process-metrics.ts';
import { spendMetrics } from './spend-metrics.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * The Prometheus registry: every metric that guardrail exports, in base units, with few label values. A label never
 * holds SQL, a person, a table or anything else that callers can make up.
 */
export function createMetrics() {
  const registry = new Registry<OpenMetricsContentType>();
  // Only metrics in such a registry may have exemplars; `exposition` writes the classic format too.
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry, prefix: 'guardrail_' });
  const families = familiesIn(registry);
  families
    .gauge('build_info', 'Always 1; the label is the running version', ['version'])
    .set({ version: VERSION }, 1);
  return {
    registry,
    ...spendMetrics(families),
    ...budgetMetrics(families),
    ...ruleMetrics(families),
    ...readingMetrics(families),
    ...pricingMetrics(families),
    ...entryMetrics(families),
    ...keepingMetrics(families),
    ...healthMetrics(families),
    ...tlsMetrics(families),
    ...upkeepMetrics(families),
  };
}
