import { z } from 'zod';
import { perOf } from '../../../vocabulary/budget.ts';
import { grantBody, parseGrant } from '../../parse-grant.ts';
import { grant, grantRequest } from '../answers/grant.ts';
import { type Endpoint, endpoint, Failed } from './endpoint.ts';
import { listQuery, more } from './grant-list.ts';

const list = endpoint(
  {
    method: 'get',
    path: '/grants/requests',
    name: 'listGrantRequests',
    summary: 'Requests for grants that wait for an answer, newest first',
    query: listQuery('request'),
    answer: z.object({ requests: z.array(grantRequest), more }),
  },
  async ({ query: { before, ...page }, redaction }, { grantRequests, policy }) => {
    const { budgets } = policy();
    const last = before === undefined ? undefined : await grantRequests.get(before);
    if (last === null) return new Failed(400, `before is the ID of a request, which ${before} is not`);
    const found = await grantRequests.list({ nowMs: Date.now(), ...page, after: last });
    return {
      requests: found.requests.map((one) => redaction.grantRequest(one, perOf(one.budget, budgets))),
      more: found.more,
    };
  },
);

const ask = endpoint(
  {
    method: 'post',
    path: '/grants/requests',
    name: 'askForGrant',
    summary: 'Requests a grant',
    body: grantBody,
    status: 201,
    answer: grantRequest,
    failures: { 429: 'Too many requests have no answer yet' },
  },
  async ({ body, askedBy }, { grantRequests, policy }) => {
    const atMs = Date.now();
    const grantInput = parseGrant(body, policy().budgets, atMs);
    if ('problem' in grantInput) return new Failed(400, grantInput.error);
    const { to: askedFor, ...newRequest } = grantInput;
    const request = await grantRequests.ask({ ...newRequest, askedFor, askedBy, atMs });
    return 'problem' in request ? new Failed(429, request.error) : request;
  },
);

const NOT_WAITING = 'There is no such request that waits for an answer';

const give = endpoint(
  {
    method: 'post',
    path: '/grants/requests/{id}/grant',
    name: 'grantRequest',
    summary: 'Gives the requested grant',
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
    summary: 'Declines the request',
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

/** Anybody who may read can request a grant; operators give or decline it. */
export const grantRequestEndpoints: readonly Endpoint[] = [list, ask, give, decline];
