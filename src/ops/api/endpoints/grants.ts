import { z } from 'zod';
import { perOf } from '../../../vocabulary/budget.ts';
import { grantBody, parseGrant } from '../../parse-grant.ts';
import { grant } from '../answers/grant.ts';
import { type Endpoint, endpoint, Failed } from './endpoint.ts';
import { listQuery, more } from './grant-list.ts';

const list = endpoint(
  {
    method: 'get',
    path: '/grants',
    name: 'listGrants',
    summary: 'Grants, newest first',
    query: listQuery('grant'),
    answer: z.object({ grants: z.array(grant), more }),
  },
  async ({ query: { before, ...page }, redaction }, { grants, policy }) => {
    const { budgets } = policy();
    const last = before === undefined ? undefined : await grants.get(before);
    if (last === null) return new Failed(400, `before is the ID of a grant, which ${before} is not`);
    const after = last && { atMs: last.createdAtMs, id: last.id };
    const found = await grants.list({ nowMs: Date.now(), ...page, after });
    return {
      grants: found.grants.map((one) => redaction.grant(one, perOf(one.budget, budgets))),
      more: found.more,
    };
  },
);

const give = endpoint(
  {
    method: 'post',
    path: '/grants',
    name: 'giveGrant',
    summary: 'Gives a grant, which raises a budget for a limited time',
    role: 'operator',
    body: grantBody,
    status: 201,
    answer: grant,
  },
  async ({ body, operator }, { grants, policy }) => {
    const nowMs = Date.now();
    const grantInput = parseGrant(body, policy().budgets, nowMs);
    if ('problem' in grantInput) return new Failed(400, grantInput.error);
    const { to: grantedTo, ...newGrant } = grantInput;
    return grants.give({ ...newGrant, grantedTo, grantedBy: operator, createdAtMs: nowMs });
  },
);

const revoke = endpoint(
  {
    method: 'delete',
    path: '/grants/{id}',
    name: 'revokeGrant',
    summary: 'Revokes a grant: from now on it adds nothing',
    role: 'operator',
    answer: grant,
    failures: { 404: 'There is no such grant' },
  },
  async ({ params: { id }, operator }, { grants }) =>
    (await grants.revoke(id, operator, Date.now())) ?? new Failed(404, `there is no grant ${id}`),
);

/** Who was given what; and, for operators, giving and revoking. */
export const grantEndpoints: readonly Endpoint[] = [list, give, revoke];
