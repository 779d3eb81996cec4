import { leadingBlock } from './comment.ts';
import { type LeadingRemark, labelsOf } from './remark.ts';

/** The label that each key of the remark becomes. The query's ID has had two different keys. */
const LABELS = {
  Username: 'redash_username',
  'Query ID': 'redash_query_id',
  query_id: 'redash_query_id',
  Queue: 'redash_queue',
  'Job ID': 'redash_job_id',
  'Query Hash': 'redash_query_hash',
  Scheduled: 'redash_scheduled',
};

/**
 * Redash's remark, if "Use Query Annotation" is on in its BigQuery data source: `/* Username: ana@example.com,
 * query_id: 7, Queue: queries, Job ID: …, Query Hash: …, Scheduled: False *\/ SELECT …`. The job's ID is new each time,
 * so nothing would ever be answered from the cache.
 * @see https://github.com/getredash/redash redash/query_runner/__init__.py (`annotate_query`),
 * redash/tasks/queries/execution.py and redash/handlers/query_results.py (the keys)
 */
export function redashRemark(sql: string): LeadingRemark | null {
  const comment = leadingBlock(sql, ' ');
  const fields = comment === null ? null : pairs(comment.body);
  if (comment === null || fields === null || !isRedash(fields)) return null;
  const username = fields.get('Username') ?? '';
  const queryId = fields.get('query_id') ?? fields.get('Query ID') ?? '';
  if (!isPerson(username)) fields.delete('Username');
  return {
    text: comment.text,
    hints: {
      tool: 'redash',
      person: fields.get('Username') ?? null,
      dashboard: null,
      card: /^\d+$/.test(queryId) ? queryId : (fields.get('Query Hash') ?? null),
    },
    labels: labelsOf(fields, LABELS),
  };
}

/** Pairs separated by commas. Redash writes no key twice, so a comment with a repeated key is not Redash's. */
function pairs(body: string): Map<string, string> | null {
  const fields = new Map<string, string>();
  for (const pair of body.split(', ')) {
    const colon = pair.indexOf(': ');
    const key = colon === -1 ? pair.replace(/:$/, '') : pair.slice(0, colon);
    if (fields.has(key)) return null;
    fields.set(key, colon === -1 ? '' : pair.slice(colon + 2));
  }
  return fields;
}

/** Every annotation ends with these two. */
function isRedash(fields: ReadonlyMap<string, string>): boolean {
  return (
    /^[0-9a-f]{32}$/.test(fields.get('Query Hash') ?? '') &&
    /^(?:True|False)$/.test(fields.get('Scheduled') ?? '')
  );
}

/** A schedule, or an API key (`<ApiKey: …>`), is not a person; and a key must not be in a label. */
function isPerson(username: string): boolean {
  return username !== '' && username !== 'Scheduled' && username !== 'None' && !username.startsWith('<');
}
