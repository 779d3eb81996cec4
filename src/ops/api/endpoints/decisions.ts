import { z } from 'zod';
import type { DecisionFilter } from '../../../records/decisions/find-decisions.ts';
import type { Records } from '../../../records/records.ts';
import { decisionStream, streamQuery } from '../../live/stream.ts';
import { decision, rewrite } from '../answers/decision.ts';
import { type Endpoint, endpoint, Failed } from './endpoint.ts';
import { limit, moment, startOf } from './span.ts';

const list = endpoint(
  {
    method: 'get',
    path: '/decisions',
    name: 'listDecisions',
    summary: 'Decisions, newest first',
    query: z.strictObject({
      limit,
      team: z.string().optional().describe('only those of this team'),
      before: z
        .string()
        .optional()
        .describe(
          'only those before this instant, day in UTC, or decision: use the ID of the last on a page to get the next page',
        ),
    }),
    answer: z.object({ decisions: z.array(decision) }),
  },
  async ({ query, redaction }, { records }) => {
    const end = query.before === undefined ? {} : await endBefore(query.before, records);
    if (end instanceof Failed) return end;
    const decisions = await records.list({
      limit: query.limit,
      ...(query.team === undefined ? {} : { team: query.team }),
      ...end,
    });
    return { decisions: decisions.map(redaction.decision) };
  },
);

/** If pages were cut by instant alone, some decisions of the same millisecond would be lost. */
async function endBefore(
  before: string,
  records: Pick<Records, 'get'>,
): Promise<Pick<DecisionFilter, 'toMs' | 'after'> | Failed> {
  if (moment.safeParse(before).success) return { toMs: startOf(before) };
  const last = await records.get(before);
  if (last === null)
    return new Failed(400, `before is an instant, a day or a decision's ID, which ${before} is not`);
  return { after: { atMs: last.atMs, id: last.id } };
}

const stream: Endpoint = {
  method: 'get',
  path: '/decisions/stream',
  name: 'watchDecisions',
  summary: 'Decisions and settlements as they happen, as server-sent events',
  role: 'viewer',
  query: streamQuery,
  body: null,
  status: 200,
  answer: {
    events:
      'Events `decision` (a Decision; SQL of more than 2,000 characters is cut, and `sqlCut` is true), `settlement` ' +
      '(a Settlement with its `team`) and `missed` (read the list anew).',
  },
  failures: { 503: 'The process already has as many listeners as it takes' },
  handler: decisionStream,
};

const single = endpoint(
  {
    method: 'get',
    path: '/decisions/{id}',
    name: 'getDecision',
    summary: 'One query: who asked, what was decided and why, and what it cost',
    answer: decision.extend({
      rewrites: z.array(rewrite).describe('other forms of the query, best first'),
    }),
    failures: { 404: 'There is no such decision' },
  },
  async ({ params: { id }, redaction }, { records, rewriteStore }) => {
    const record = await records.get(id);
    if (record === null) return new Failed(404, `there is no decision ${id}`);
    const rewrites = await rewriteStore.ofDecision(record.id);
    return { ...redaction.decision(record), rewrites: rewrites.map(redaction.rewrite) };
  },
);

/** The route with a fixed path comes before the one with a parameter. */
export const decisionEndpoints: readonly Endpoint[] = [list, stream, single];
