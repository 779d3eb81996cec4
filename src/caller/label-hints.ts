import type { CallerHints } from '../vocabulary/caller.ts';

type Labels = Readonly<Record<string, string>>;

/** The labels of one tool. */
interface LabelFamily {
  readonly tool: string;
  /** Any of these shows that the tool set the labels; if a value is given, only that value does. */
  readonly signs: readonly (readonly [key: string, value?: string])[];
  readonly person?: string;
  readonly dashboard?: string;
  readonly card?: string;
}

/**
 * Labels by which tools say who asks.
 * @see https://cloud.google.com/looker/docs/db-config-google-bigquery#context_comments_and_job_labels
 * @see https://github.com/grafana/google-bigquery-datasource pkg/bigquery/driver/query_labels.go
 * @see https://github.com/dbt-labs/dbt-bigquery dbt/adapters/bigquery/connections.py (`raw_execute`)
 * @see https://github.com/googleapis/genai-toolbox internal/tools/bigquery (`genai-toolbox-tool`, later `mcp-toolbox-tool`)
 */
const FAMILIES: readonly LabelFamily[] = [
  {
    tool: 'looker',
    signs: [['looker-context-user_id'], ['looker-context-history_slug'], ['looker-context-instance_slug']],
    person: 'looker-context-user_id',
  },
  {
    tool: 'grafana',
    signs: [['x-plugin-id', 'grafana-bigquery-datasource'], ['x-dashboard-uid'], ['x-grafana-user']],
    person: 'x-grafana-user',
    dashboard: 'x-dashboard-uid',
    card: 'x-panel-id',
  },
  { tool: 'dbt', signs: [['dbt_invocation_id'], ['app', 'dbt']], card: 'node_id' },
  { tool: 'mcp-toolbox', signs: [['genai-toolbox-tool'], ['mcp-toolbox-tool']] },
  // As moved out of the SQL by another guardrail, closer to the tool.
  {
    tool: 'metabase',
    signs: [['metabase_user_id'], ['metabase_card_id'], ['metabase_query_hash']],
    person: 'metabase_user_id',
    dashboard: 'metabase_dashboard_id',
    card: 'metabase_card_id',
  },
  { tool: 'redash', signs: [['redash_query_hash']], person: 'redash_username', card: 'redash_query_id' },
  { tool: 'superset', signs: [['superset_user']], person: 'superset_user' },
];

/** Who asks, according to the job's own labels: those made for guardrail before those of a tool. */
export function hintsFromLabels(labels: Labels): CallerHints {
  const family = FAMILIES.find(({ signs }) => signs.some(([key, value]) => isSet(labels, key, value)));
  const hint = (own: string, ofTool: string | undefined) =>
    setValue(labels, own) ?? (ofTool === undefined ? null : setValue(labels, ofTool));
  return {
    tool: family?.tool ?? null,
    person: hint('guardrail_person', family?.person),
    dashboard: hint('guardrail_dashboard', family?.dashboard),
    card: hint('guardrail_card', family?.card),
  };
}

function isSet(labels: Labels, key: string, wanted: string | undefined): boolean {
  const value = setValue(labels, key);
  return value !== null && (wanted === undefined || value === wanted);
}

function setValue(labels: Labels, key: string): string | null {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return value === undefined || value === '' ? null : value;
}
