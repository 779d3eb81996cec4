import { z } from 'zod';
import { leadingLine } from './comment.ts';
import { type LeadingRemark, labelsOf } from './remark.ts';

/** The labels in which Looker itself says the same: a connection that sends comments sends these as well. */
const LABELS = {
  user_id: 'looker-context-user_id',
  history_slug: 'looker-context-history_slug',
  history_id: 'looker-context-history_id',
  instance_slug: 'looker-context-instance_slug',
};

const scalar = z.union([z.string(), z.number().transform(String)]).nullish();
const context = z.object({
  user_id: scalar,
  history_slug: scalar,
  history_id: scalar,
  instance_slug: scalar,
});

/**
 * Looker's context comment: `-- Looker Query Context '{"user_id":1,"history_slug":"…","instance_slug":"…"}'`. For
 * BigQuery, Looker leaves it out unless "Disable Context Comment" is turned off, because it breaks the cache.
 * @see https://cloud.google.com/looker/docs/db-config-google-bigquery#context_comments_and_job_labels
 */
export function lookerRemark(sql: string): LeadingRemark | null {
  const comment = leadingLine(sql, '-- Looker Query Context ');
  const quoted = comment === null ? null : /^'(\{.*\})' *$/.exec(comment.body);
  const fields = quoted?.[1] === undefined ? null : parse(quoted[1]);
  if (comment === null || fields === null) return null;
  return {
    text: comment.text,
    // A history slug is one run of one query, so it does not identify a card.
    hints: { tool: 'looker', person: fields.get('user_id') ?? null, dashboard: null, card: null },
    labels: labelsOf(fields, LABELS),
  };
}

function parse(json: string): ReadonlyMap<string, string> | null {
  try {
    const parsed = context.safeParse(JSON.parse(json));
    if (!parsed.success) return null;
    return new Map(
      Object.entries(parsed.data).flatMap(([key, value]) =>
        typeof value === 'string' ? [[key, value]] : [],
      ),
    );
  } catch {
    // Not JSON: somebody's own comment, which stays in place.
    return null;
  }
}
