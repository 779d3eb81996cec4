import { type Metric, type OpenMetricsContentType, Registry, type RegistryContentType } from 'prom-client';

const CLASSIC = Registry.PROMETHEUS_CONTENT_TYPE;
const OPEN_METRICS = Registry.OPENMETRICS_CONTENT_TYPE;

/**
 * The content types that an Accept header can ask for; the first is for clients that do not care. Only OpenMetrics has
 * exemplars. Every way of escaping names holds for names that need none.
 * @see https://prometheus.io/docs/instrumenting/content_negotiation/
 */
export const CONTENT_TYPES: readonly [string, ...string[]] = [
  CLASSIC,
  OPEN_METRICS,
  ...['allow-utf-8', 'underscores', 'dots', 'values'].map(
    (escaping) => `${OPEN_METRICS}; escaping=${escaping}`,
  ),
];

/** A registry's metrics in one of the content types. */
export function exposition(metrics: Registry<OpenMetricsContentType>, contentType: string): Promise<string> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentType.startsWith(OPEN_METRICS) ? OPEN_METRICS : CLASSIC);
  for (const { name } of metrics.getMetricsAsArray()) {
    registry.registerMetric(standIn(metrics.getSingleMetric(name)));
  }
  return registry.metrics();
}

/**
 * A registry has one content type, and an OpenMetrics registry permanently strips `_total` from the names of its
 * counters. So each scrape has its own registry, with objects that stand in for the metrics: they share all members,
 * but a changed name is only theirs.
 */
function standIn(metric: Metric | undefined): Metric {
  return Object.create(metric ?? null);
}
