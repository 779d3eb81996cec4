import type { IncomingHttpHeaders } from 'node:http';
import type { CallerHints } from '../vocabulary/caller.ts';
import { hintsFromLabels } from './label-hints.ts';
import { dbtRemark } from './remarks/dbt.ts';
import { type LeadingRemark, leadingRemarkOf } from './remarks/leading-remark.ts';
import { clientIn, namedByUserAgent } from './user-agent.ts';

/** What a request says about itself. */
export interface RequestSigns {
  readonly sql: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly userAgent: string | null;
  /** The header `x-goog-api-client`: Google's libraries name themselves there too, whatever the program names itself. */
  readonly apiClient?: string | null;
}

/** What the headers of a request say about its client. */
export function clientSignsOf(headers: IncomingHttpHeaders): Pick<RequestSigns, 'userAgent' | 'apiClient'> {
  const apiClient = headers['x-goog-api-client'];
  return {
    userAgent: headers['user-agent'] ?? null,
    apiClient: apiClient === undefined ? null : String(apiClient),
  };
}

/** Who asks, and the leading remark to remove from the SQL, if there is one. */
export interface CallerSigns {
  readonly hints: CallerHints;
  readonly remark: LeadingRemark | null;
}

/** No tool names a person, dashboard or card at greater length. */
const MAX_HINT_LENGTH = 128;

/**
 * Who asks, as far as the request itself says. Sources that whoever writes the SQL cannot forge come first: the user
 * agent for the tool, labels for the rest; then a remark, unless those name another tool.
 */
export function hintsOf(request: RequestSigns): CallerSigns {
  const agent = namedByUserAgent(request.userAgent);
  const labelled = hintsFromLabels(request.labels);
  const named = agent.tool ?? labelled.tool;
  const believed = <T extends { readonly hints: CallerHints }>(remark: T | null) =>
    remark !== null && (named === null || named === remark.hints.tool) ? remark : null;
  const remark = believed(leadingRemarkOf(request.sql));
  const inSql = (remark ?? believed(dbtRemark(request.sql, { appendedCounts: named === 'dbt' })))?.hints;
  return {
    remark: remark && { ...remark, labels: notSetIn(request.labels, remark.labels) },
    hints: {
      tool: named ?? inSql?.tool ?? agent.client ?? clientIn(request.apiClient ?? null),
      person: bounded(labelled.person ?? inSql?.person),
      dashboard: bounded(labelled.dashboard ?? inSql?.dashboard),
      card: bounded(labelled.card ?? inSql?.card),
    },
  };
}

/** A remark's labels, without replacing any of the client's own. */
function notSetIn(
  own: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !Object.hasOwn(own, key)));
}

function bounded(hint: string | null | undefined): string | null {
  return hint === null || hint === undefined
    ? null
    : hint.slice(0, MAX_HINT_LENGTH).toWellFormed().replaceAll('\0', '');
}
