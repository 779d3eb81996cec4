import { type Metric, type OpenMetricsContentType, Registry, type RegistryContentType } from 'prom-client';

const CLASSIC = Registry.PROMETHEUS_CONTENT_TYPE;
const OPEN_METRICS = Registry.OPENMETRICS_CONTENT_TYPE;

/**
 * What can be asked for in an Accept header; the first is for those who do not care. Exemplars exist in OpenMetrics
 * only. Every way to escape names is true of names that need no escaping.
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
 * A registry has one content type, and one of OpenMetrics takes `_total` from the names of the counters in it, for
 * good. So each look has a registry of its own, of objects that stand in for the metrics: they have all of them, but
 * a new name is theirs alone.
 */
function standIn(metric: Metric | undefined): Metric {
  return Object.create(metric ?? null);
}
