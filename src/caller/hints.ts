import type { CallerHints } from '../vocabulary/caller.ts';
import { type LeadingRemark, leadingRemarkOf } from './remark.ts';

/** What a request says of itself. */
export interface RequestSigns {
  readonly sql: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly userAgent: string | null;
}

/**
 * Tools by what stands in their user agent, the first match wins.
 * Metabase and others use Google's Java client and set an application name before its own.
 */
const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/metabase/i, 'metabase'],
  [/superset/i, 'superset'],
  [/\bdbt\b/i, 'dbt'],
  [/looker/i, 'looker'],
  [/grafana/i, 'grafana'],
  [/redash/i, 'redash'],
  [/genai-toolbox|mcp-toolbox/i, 'mcp-toolbox'],
  [/google-bigquery-cli|^bq\//i, 'bq'],
  [/google-cloud-node|gcloud-node|google-api-nodejs/i, 'node'],
  [/gl-python|gcloud-python|google-cloud-bigquery/i, 'python'],
  [/gl-java|gcloud-java|Google-API-Java-Client/i, 'java'],
  [/gl-go|google-api-go-client/i, 'go'],
  [/^curl\//i, 'curl'],
];

/** Labels by which tools say who asks; the remark, which the tool itself writes, comes before them. */
const PERSON_LABELS = ['guardrail_person', 'looker_user_id', 'metabase_user_id'];
const DASHBOARD_LABELS = ['guardrail_dashboard', 'looker_dashboard_id', 'metabase_dashboard_id'];
const CARD_LABELS = ['guardrail_card', 'metabase_card_id', 'dbt_invocation_id'];

/** Who asks, as far as the request itself says, and the leading remark that says so where there is one. */
export function hintsOf(request: RequestSigns): {
  readonly hints: CallerHints;
  readonly remark: LeadingRemark | null;
} {
  const remark = leadingRemarkOf(request.sql);
  const labelled = (names: readonly string[]) =>
    names.map((name) => request.labels[name]).find((value) => value !== undefined && value !== '') ?? null;
  return {
    remark,
    hints: {
      tool: remark?.hints.tool ?? toolOf(request.userAgent),
      person: remark?.hints.person ?? labelled(PERSON_LABELS),
      dashboard: remark?.hints.dashboard ?? labelled(DASHBOARD_LABELS),
      card: remark?.hints.card ?? labelled(CARD_LABELS),
    },
  };
}

function toolOf(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  return TOOLS.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}
