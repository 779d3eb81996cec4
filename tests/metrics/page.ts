import { z } from 'zod';
import { createMetrics } from '../../src/metrics/metrics.ts';

const INTRODUCTION = `# Metrics

\`/metrics\` on the operators' port, for Prometheus. Units are base units: bytes, seconds, units of a currency.

**Format.** Clients that ask for OpenMetrics, as Prometheus does, get it; others get the classic text format. In OpenMetrics,
the metrics marked with *e* carry exemplars: the decision ID of one query behind the number. Start Prometheus with
\`--enable-feature=exemplar-storage\` to keep them. In Grafana, a dot on the graph then names the decision, and
\`/api/v1/decisions/ID\` on the same port has all its details.

**Number of series.** No label contains what a caller can make up: no person, principal, dashboard, card, SQL, fingerprint,
project or table named by a query. The table of labels says where each value comes from. A test counts a hundred thousand made-up
queries from ten thousand persons and finds not one additional series (\`tests/metrics/cardinality.test.ts\`); another sends
such queries through the proxy (\`tests/e2e/series.test.ts\`). A name that is removed from the policy files keeps its series
until the process restarts. For figures by person or dashboard, ask the ledger: \`/api/v1/spend?by=person\`.

**Counters of spend are for trends.** They count what this process settled itself, and what had to wait in the spool as if
there were no free tier. What was charged by assumption, settled for a process that died, or corrected by \`reconcile\` is in
the ledger alone, and so is the slot time of load, copy and extract jobs. For a figure to book or to pay, ask the ledger: \`guardrail spend\`, or \`/api/v1/spend\`.

This page is generated from the registry. After a change, run \`npm test -- tests/metrics --update\`; a test fails until you
do.
`;

/** Where the values of each label come from. A test compares this list with the labels in the registry. */
export const LABEL_SOURCES: Readonly<Record<string, string>> = {
  by: '`refusal`, `rewrite`',
  budget: 'names of budgets in the policy files',
  currency: 'the currency of `pricing` in the policy files',
  decision: '`admitted`, `refused`, `failed`',
  listener: '`proxy`, `ops`',
  mode: '`audit`, `warn`, `deny`; `exempt` if the query was exempt',
  operation: 'kinds of reads and writes in the ledger, a fixed list in the code',
  outcome: 'the outcome, a fixed list for each metric in the code',
  rule: 'names of rules in the policy files',
  source: 'the source of the figures, a fixed list for each metric in the code',
  stage: '`dry run`, `forward`, `table definition`, `token info`, `internal`',
  statement_type: "fifteen of BigQuery's statement types, and `OTHER` for all others",
  table: "the catalog's entries in the policy files, as written there; a pattern stays a pattern",
  team: 'names of teams in the policy files; the principal that the warehouse confirmed decides which',
  unit: '`bytes`, `slot-seconds`, `queries`, `at once`, or a currency of the policy files',
  version: 'the running version',
  webhook: 'names of webhooks in the policy files',
  window: '`hour`, `day`, `week`, `month`, `now`, or a rolling window as the policy files name it',
};

const described = z.array(
  z.object({
    name: z.string(),
    help: z.string(),
    type: z.enum(['counter', 'gauge', 'histogram']),
    labelNames: z.array(z.string()),
    enableExemplars: z.boolean().default(false),
  }),
);

/** guardrail's own metrics, without those of the process and the runtime. */
export function ownMetrics(): z.infer<typeof described> {
  const all = described.parse(createMetrics().registry.getMetricsAsArray());
  return all.filter(({ name }) => !/^guardrail_(process|nodejs)_/.test(name));
}

/** docs/metrics.md, whole. */
export function metricsPage(): string {
  const metrics = ownMetrics().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = metrics.map(
    ({ name, type, labelNames, help, enableExemplars }) =>
      `| \`${name}\` | ${type}${enableExemplars ? ' *e*' : ''} | ${labelNames.map(inCode).join(', ')} | ${help} |`,
  );
  const labels = Object.entries(LABEL_SOURCES).map(([name, source]) => `| \`${name}\` | ${source} |`);
  return [
    INTRODUCTION,
    '## Metrics',
    '',
    '| Name | Type | Labels | Meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
    'There are also `guardrail_process_…` and `guardrail_nodejs_…`: memory, CPU, the event loop and garbage collection, as',
    '[prom-client](https://github.com/prometheus/client_js#default-metrics) names them.',
    '',
    '## Labels',
    '',
    '| Label | Where its values come from |',
    '|---|---|',
    ...labels,
    '',
  ].join('\n');
}

function inCode(text: string): string {
  return `\`${text}\``;
}
