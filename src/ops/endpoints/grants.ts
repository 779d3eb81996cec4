import { z } from 'zod';
import { grant } from '../answers/grant.ts';
import { grantAsked, grantBody } from '../asked-grant.ts';
import { type Endpoint, endpoint, Failed } from './endpoint.ts';

/** Whether expired ones are listed too. */
export const listQuery = z.strictObject({
  all: z.stringbool().default(false).describe('true: include those that are over'),
});

const list = endpoint(
  {
    method: 'get',
    path: '/grants',
    name: 'listGrants',
    summary: 'Grants, newest first',
    query: listQuery,
    answer: z.object({ grants: z.array(grant) }),
  },
  async ({ query, redaction }, { grants, policy }) => {
    const { budgets } = policy();
    const found = await grants.list({ nowMs: Date.now(), all: query.all });
    return {
      grants: found.map((one) => redaction.grant(one, budgets.find(({ name }) => name === one.budget)?.per)),
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
    const asked = grantAsked(body, policy().budgets, nowMs);
    if ('problem' in asked) return new Failed(400, asked.error);
    const { to: grantedTo, ...wanted } = asked;
    return grants.give({ ...wanted, grantedTo, grantedBy: operator, createdAtMs: nowMs });
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
