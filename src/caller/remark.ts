import type { CallerHints } from '../vocabulary/caller.ts';
import { foldLabelValue } from './labels.ts';

/**
 * A remark that a BI tool put before the query. Since it differs by person, BigQuery would not answer two people
 * from one cached result; so it is taken off the SQL, and what it says travels as labels.
 */
export interface LeadingRemark {
  /** The exact text, its line feed included. */
  readonly text: string;
  readonly hints: Pick<CallerHints, 'tool' | 'person' | 'dashboard' | 'card'>;
  /** What it says, as labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Metabase's remark is the first line and ends in a line feed. Only there does it count: a later one can be typed
 * by anyone.
 * @see https://www.metabase.com/docs/latest/databases/connections/bigquery
 */
const METABASE = /^-- Metabase::([^\r\n]*)\n/;
const METABASE_PAIR = /(\w+): (\S+)/g;

/** Remark keys by the label they become. Metabase writes IDs as numbers and the hash as hex. */
const METABASE_LABELS: Readonly<Record<string, string>> = {
  userID: 'metabase_user_id',
  queryType: 'metabase_query_type',
  queryHash: 'metabase_query_hash',
  dashboardID: 'metabase_dashboard_id',
  cardID: 'metabase_card_id',
};

/** The remark that stands at the very beginning of the SQL, or null. */
export function leadingRemarkOf(sql: string): LeadingRemark | null {
  const match = METABASE.exec(sql);
  if (match?.[1] === undefined) return null;
  const said = new Map<string, string>();
  for (const [, key, value] of match[1].matchAll(METABASE_PAIR)) {
    if (key !== undefined && value !== undefined) said.set(key, value);
  }
  return {
    text: match[0],
    hints: {
      tool: 'metabase',
      person: said.get('userID') ?? null,
      dashboard: said.get('dashboardID') ?? null,
      // Without a card's ID its hash still tells one card from another.
      card: said.get('cardID') ?? said.get('queryHash') ?? null,
    },
    labels: Object.fromEntries(
      Object.entries(METABASE_LABELS).flatMap(([key, label]) => {
        const value = said.get(key);
        return value === undefined ? [] : [[label, foldLabelValue(value)]];
      }),
    ),
  };
}

/** The SQL without its leading remark. */
export function withoutLeadingRemark(sql: string, remark: LeadingRemark): string {
  return sql.slice(remark.text.length);
}
