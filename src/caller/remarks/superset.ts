import { leadingLine } from './comment.ts';
import { type LeadingRemark, labelsOf } from './remark.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?$/;

/**
 * The remark of the SQL mutator shown in Superset's configuration, which most people copy: `-- [SQL LAB] ana
 * 2026-11-18T10:00:00.123456`. Its time is new each time, so nothing would ever be answered from the cache. Superset by
 * itself writes neither remarks nor labels.
 * @see https://github.com/apache/superset superset/config.py (`SQL_QUERY_MUTATOR`)
 */
export function supersetRemark(sql: string): LeadingRemark | null {
  const comment = leadingLine(sql, '-- [SQL LAB] ');
  if (comment === null) return null;
  const beforeTime = comment.body.lastIndexOf(' ');
  if (beforeTime === -1 || !TIME.test(comment.body.slice(beforeTime + 1))) return null;
  const user = comment.body.slice(0, beforeTime).trim();
  const person = user === '' || user === 'None' ? null : user;
  return {
    text: comment.text,
    hints: { tool: 'superset', person, dashboard: null, card: null },
    // The job has the time itself, so there is no label for it.
    labels: labelsOf(new Map(person === null ? [] : [['user', person]]), { user: 'superset_user' }),
  };
}
