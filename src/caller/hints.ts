import type { CallerHints } from '../vocabulary/caller.ts';
import { hintsFromLabels } from './label-hints.ts';
import { type LeadingRemark, leadingRemarkOf } from './remark.ts';
import { dbtRemark } from './remarks/dbt.ts';
import { namedByUserAgent } from './user-agent.ts';

/** What a request says of itself. */
export interface RequestSigns {
  readonly sql: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly userAgent: string | null;
}

/** Who asks, and the leading remark that is to be taken off the SQL where there is one. */
export interface Said {
  readonly hints: CallerHints;
  readonly remark: LeadingRemark | null;
}

/** BigQuery takes 64 labels on a job; two are the guardrail's own. */
const MOST_LABELS = 62;

/** No tool names a person, dashboard or card at greater length. */
const LONGEST_HINT = 128;

/**
 * Who asks, as far as the request itself says. What a person who writes SQL can not write comes first: user agent
 * for the tool, labels for the rest; then a remark, unless those name another tool.
 */
export function hintsOf(request: RequestSigns): Said {
  const agent = namedByUserAgent(request.userAgent);
  const labelled = hintsFromLabels(request.labels);
  const named = agent.tool ?? labelled.tool;
  const believed = <T extends { readonly hints: CallerHints }>(remark: T | null) =>
    remark !== null && (named === null || named === remark.hints.tool) ? remark : null;
  const remark = believed(leadingRemarkOf(request.sql));
  const inSql = (remark ?? believed(dbtRemark(request.sql, named === 'dbt')))?.hints;
  return {
    remark: remark && { ...remark, labels: labelsToAdd(remark.labels, request.labels) },
    hints: {
      tool: named ?? inSql?.tool ?? agent.client,
      person: bounded(labelled.person ?? inSql?.person),
      dashboard: bounded(labelled.dashboard ?? inSql?.dashboard),
      card: bounded(labelled.card ?? inSql?.card),
    },
  };
}

/** A remark's labels, as far as there is room, and never in the place of the client's own. */
function labelsToAdd(
  labels: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const room = Math.max(0, MOST_LABELS - Object.keys(own).length);
  const missing = Object.entries(labels).filter(([key]) => !Object.hasOwn(own, key));
  return Object.fromEntries(missing.slice(0, room));
}

function bounded(hint: string | null | undefined): string | null {
  return hint === null || hint === undefined
    ? null
    : hint.slice(0, LONGEST_HINT).toWellFormed().replaceAll('\0', '');
}
