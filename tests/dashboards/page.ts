import { dashboards } from '../../dashboards/grafana/definitions/dashboards.ts';
import { type Dashboard, inLanguage, type Panel } from '../../dashboards/grafana/definitions/panel.ts';

const INTRODUCTION = `# Dashboards

There are three Grafana dashboards for three groups of readers, in English and in Portuguese, as files that Grafana loads by
itself.

| Dashboard | For |
|---|---|
| *Guardrail: my dashboards* (\`guardrail-atendimento\`) | customer support: cost, speed, refusals |
| *Guardrail: spend* (\`guardrail-finops\`) | FinOps: spend, forecast, reconciliation |
| *Guardrail: data engineering* (\`guardrail-data-engineering\`) | data engineers: rules, SQL, legacy tables, health |

## Put them into Grafana

1. Let Prometheus scrape the operators' port and load the rules, as
   [dashboards/prometheus/prometheus.yml](../dashboards/prometheus/prometheus.yml) does; start it with
   \`--enable-feature=exemplar-storage\`.
2. Copy \`dashboards/grafana/provisioning\` to \`/etc/grafana/provisioning\`, and put your addresses into
   \`datasources/prometheus.yaml\`.
3. Copy \`dashboards/grafana/dashboards\` to \`/etc/grafana/dashboards\`.

## Change them

The files are generated from the definitions in [dashboards/grafana/definitions](../dashboards/grafana/definitions): the query
of a panel, its unit, and its texts in both languages. After a change, \`npm test -- tests/dashboards --update\` writes the files, and
a test fails until they are the same.

Figures for one person or one dashboard are in the ledger and not here: \`/api/v1/spend?by=dashboard\`.

## What each panel returns

A test runs every query of every panel against a real Prometheus that has scraped a real run: some dashboards of both teams,
a runaway query, a legacy table, SQL that nobody can read, and a reconciliation (\`tests/e2e/services/grafana.test.ts\`). The
values below were written by its last run with this setting:
\`WRITE_PANEL_VALUES=1 npm run e2e -- tests/e2e/services/grafana.test.ts\`. Only the first four values are shown.
`;

/** The values that each query returned, by its expression. */
export type PanelValues = ReadonlyMap<string, readonly number[]>;

/** docs/dashboards.md, whole. */
export function dashboardsPage(values: PanelValues): string {
  return [INTRODUCTION, ...dashboards.map((dashboard) => section(dashboard, values))].join('\n');
}

function section(dashboard: Dashboard, values: PanelValues): string {
  const rows = dashboard.rows.flatMap(({ panels }) => panels.map((panel) => row(panel, values)));
  return [
    `### ${inLanguage(dashboard.title, 'en')}`,
    '',
    '| Panel | What it shows | Unit | Value |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function row(panel: Panel, values: PanelValues): string {
  const found = panel.queries.flatMap(({ expr }) => values.get(expr) ?? []);
  const shown = found.slice(0, 4).map((value) => Number(value.toPrecision(3)).toString());
  const more = found.length > 4 ? [`… ${found.length} in all`] : [];
  return `| ${inLanguage(panel.title, 'en')} | ${inLanguage(panel.about, 'en')} | ${panel.unit} | ${[...shown, ...more].join(', ')} |`;
}
