import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';

/** Seconds: from a quarter of a millisecond, about what a cached estimate takes, to where people start to complain. */
export const FAST_BUCKETS = [
  0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];

export type Families = ReturnType<typeof familiesIn>;

/** Makes metrics of each kind, and registers them. */
export function familiesIn(registry: Registry<OpenMetricsContentType>) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `guardrail_${name}`, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `guardrail_${name}`, help, labelNames: [...labelNames], registers });
  const seconds = (name: string, help: string) =>
    new Histogram({ name: `guardrail_${name}`, help, buckets: FAST_BUCKETS, registers });
  // Metrics about single queries name one of them as an exemplar, by its decision, for readers of OpenMetrics. The
  // library's types have one list for the labels of a metric and of its exemplars; at run time a metric takes only its
  // own.
  const enableExemplars = true;
  const ofQueries = (name: string, help: string) =>
    new Counter<'team' | 'decision'>({
      name: `guardrail_${name}`,
      help,
      labelNames: ['team'],
      registers,
      enableExemplars,
    });
  const spreadOfQueries = (name: string, help: string, buckets: number[], labelNames: 'team'[] = []) =>
    new Histogram<'team' | 'decision'>({
      name: `guardrail_${name}`,
      help,
      buckets,
      labelNames,
      registers,
      enableExemplars,
    });
  return { counter, gauge, seconds, ofQueries, spreadOfQueries };
}
