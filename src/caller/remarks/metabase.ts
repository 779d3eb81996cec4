import { leadingLine } from './comment.ts';
import { type LeadingRemark, labelsOf } from './remark.ts';

/** The label that each key of the remark becomes. Metabase writes IDs as numbers and the hash as hex. */
const LABELS = {
  userID: 'metabase_user_id',
  queryType: 'metabase_query_type',
  queryHash: 'metabase_query_hash',
  dashboardID: 'metabase_dashboard_id',
  cardID: 'metabase_card_id',
};

/**
 * Metabase's remark: the first line, `-- Metabase:: userID: 12 queryType: MBQL queryHash: 0a1b`.
 * @see https://www.metabase.com/docs/latest/databases/connections/bigquery
 */
export function metabaseRemark(sql: string): LeadingRemark | null {
  const comment = leadingLine(sql, '-- Metabase::');
  if (comment === null) return null;
  const fields = pairs(comment.body);
  return {
    text: comment.text,
    hints: {
      tool: 'metabase',
      person: fields.get('userID') ?? null,
      dashboard: fields.get('dashboardID') ?? null,
      // Without a card's ID, its hash still identifies the card.
      card: fields.get('cardID') ?? fields.get('queryHash') ?? null,
    },
    labels: labelsOf(fields, LABELS),
  };
}

/** Words that end in a colon, each with the word after it. */
function pairs(body: string): ReadonlyMap<string, string> {
  const words = body.split(/[ \t]/).filter((word) => word !== '');
  const fields = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 1) {
    const [word = '', value = ''] = words.slice(at, at + 2);
    if (!word.endsWith(':')) continue;
    fields.set(word.slice(0, -1), value);
    at += 1;
  }
  return fields;
}
