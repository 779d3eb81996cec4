import { z } from 'zod';
import { grant, grantRequest } from '../answers/grant.ts';
import { grantAsked, grantBody } from '../asked-grant.ts';
import { shownRequest } from '../shown-request.ts';
import { type Endpoint, endpoint, Failed } from './endpoint.ts';
import { listQuery } from './grants.ts';

const list = endpoint(
  {
    method: 'get',
    path: '/grants/requests',
    name: 'listGrantRequests',
    summary: 'Grants that are asked for and wait for an answer, newest first',
    query: listQuery,
    answer: z.object({ requests: z.array(grantRequest) }),
  },
  async ({ query, redaction }, { grantRequests, policy }) => {
    const { budgets } = policy();
    const found = await grantRequests.list({ nowMs: Date.now(), all: query.all });
    return { requests: found.map((one) => shownRequest(one, redaction, budgets)) };
  },
);

const ask = endpoint(
  {
    method: 'post',
    path: '/grants/requests',
    name: 'askForGrant',
    summary: 'Asks for a grant',
    body: grantBody,
    status: 201,
    answer: grantRequest,
  },
  async ({ body, askedBy }, { grantRequests, policy }) => {
    const atMs = Date.now();
    const asked = grantAsked(body, policy().budgets, atMs);
    if ('problem' in asked) return new Failed(400, asked.error);
    const { to: askedFor, ...wanted } = asked;
    return grantRequests.ask({ ...wanted, askedFor, askedBy, atMs });
  },
);

const NOT_WAITING = 'There is no such request that waits for an answer';

const give = endpoint(
  {
    method: 'post',
    path: '/grants/requests/{id}/grant',
    name: 'grantRequest',
    summary: 'Gives what was asked for',
    role: 'operator',
    status: 201,
    answer: grant,
    failures: { 404: NOT_WAITING },
  },
  async ({ params: { id }, operator }, { grantRequests }) =>
    (await grantRequests.grant(id, operator, Date.now())) ?? unanswerable(id),
);

const decline = endpoint(
  {
    method: 'post',
    path: '/grants/requests/{id}/decline',
    name: 'declineRequest',
    summary: 'Declines what was asked for',
    role: 'operator',
    status: 204,
    answer: null,
    failures: { 404: NOT_WAITING },
  },
  async ({ params: { id }, operator }, { grantRequests }) =>
    (await grantRequests.decline(id, operator, Date.now())) ? null : unanswerable(id),
);

function unanswerable(id: string): Failed {
  return new Failed(404, `there is no request ${id} that waits for an answer`);
}

/** Anybody who may read asks for a grant; operators give or decline it. */
export const grantRequestEndpoints: readonly Endpoint[] = [list, ask, give, decline];
