import { z } from 'zod';
import { leadingBlock, trailingBlockBody } from './comment.ts';
import type { Remark } from './remark.ts';

const comment = z.object({ app: z.literal('dbt'), node_id: z.string().nullish() });

/**
 * dbt's query comment, `/* {"app": "dbt", "dbt_version": …, "profile_name": …, "target_name": …, "node_id": …} *\/`, at
 * the start or, if a project sets `append: true`, at the end. It is the same whoever runs the model, so it does not
 * break the cache and stays in the SQL.
 * @param options.appendedCounts whether a comment at the end counts: only from dbt itself, since anyone can type one
 * there
 * @see https://github.com/dbt-labs/dbt-core core/dbt/adapters/base/query_headers.py (`_QueryComment.add`)
 */
export function dbtRemark(
  sql: string,
  { appendedCounts }: { readonly appendedCounts: boolean },
): Remark | null {
  const leading = parse(leadingBlock(sql, '\n')?.body);
  const fields = leading ?? (appendedCounts ? parse(trailingBlockBody(sql)) : null);
  if (fields === null) return null;
  return { hints: { tool: 'dbt', person: null, dashboard: null, card: fields.node_id ?? null } };
}

function parse(json: string | null | undefined): z.infer<typeof comment> | null {
  if (!json?.startsWith('{')) return null;
  try {
    return comment.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    // Somebody's own comment.
    return null;
  }
}
