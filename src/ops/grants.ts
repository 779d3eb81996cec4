import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { GrantRequest } from '../books/grants.ts';
import { parseLimit } from '../policy/amounts.ts';
import type { Policy } from '../policy/policy.ts';
import { amountOfLimit, type Budget, unitOf } from '../vocabulary/budget.ts';
import { redactionOf, requires, visitorOf } from './access/identify.ts';
import { readQuery, sendJson } from './json.ts';
import type { OpsSources } from './sources.ts';

/** What is needed for longer is no grant but another limit. */
const LONGEST_MS = 92 * 86_400_000;

const text = (what: string) => z.string(what).trim().min(1, what).max(500);

const grantBody = z.strictObject({
  budget: z.string('the name of a budget'),
  /** Which account of a budget that is kept apart; left out, each of them. */
  account: z.string().optional(),
  amount: z.string('an amount such as 5 GiB, 50 BRL, 2 slot-hours, 100 queries or 2 at once'),
  reason: text('why it is given'),
  to: text('whom it is given to'),
  until: z.iso.datetime({ offset: true, error: 'an instant such as 2026-11-30T18:00:00-03:00' }),
});

const listQuery = z.strictObject({ all: z.stringbool().default(false) });

/** `/api/v1/grants`: who was given what, and giving and taking back, for operators. */
export function grantsRouter({ grants, policy }: OpsSources): Router {
  const router = Router();
  const accountsOf = (name: string) => policy().budgets.find((budget) => budget.name === name)?.per;

  router.get('/', async (request, response) => {
    const query = readQuery(listQuery, request, response);
    if (query === null) return;
    const redaction = redactionOf(response);
    const found = await grants.list({ nowMs: Date.now(), all: query.all });
    sendJson(response, { grants: found.map((grant) => redaction.grant(grant, accountsOf(grant.budget))) });
  });

  router.post('/', requires('operator'), express.json(), async (request, response) => {
    const asked = readGrant(request, response, policy());
    if (asked === null) return;
    response.status(201);
    sendJson(response, await grants.give(asked));
  });

  router.delete('/:id', requires('operator'), async (request: Request<{ id: string }>, response) => {
    const revoked = await grants.revoke(request.params.id, nameOf(response), Date.now());
    if (revoked === null) response.status(404).json({ error: `there is no grant ${request.params.id}` });
    else sendJson(response, revoked);
  });

  return router;
}

/** The grant that is asked for; null where it makes no sense, and the response has said why. */
function readGrant(request: Request, response: Response, policy: Policy): GrantRequest | null {
  const refuse = (error: string) => {
    response.status(400).json({ error });
    return null;
  };
  const body = grantBody.safeParse(request.body);
  if (!body.success) return refuse(z.prettifyError(body.error));
  const { budget: name, account = '', amount, reason, to, until } = body.data;
  const budget = policy.budgets.find((one) => one.name === name);
  if (budget === undefined) {
    return refuse(
      `there is no budget ${name}; there are ${policy.budgets.map((one) => one.name).join(', ')}`,
    );
  }
  if (account !== '' && budget.per === null)
    return refuse(`budget ${name} has one account: leave account out`);
  const granted = amountIn(budget, amount);
  if (granted === null)
    return refuse(`budget ${name} counts ${unitOf(budget.limit)}, which ${amount} is not`);
  const nowMs = Date.now();
  const expiresAtMs = Date.parse(until);
  if (expiresAtMs <= nowMs) return refuse(`until ${until} has passed`);
  if (expiresAtMs > nowMs + LONGEST_MS) {
    return refuse('a grant lasts 92 days at most: change the limit in the policy files instead');
  }
  return {
    budget: name,
    account,
    unit: unitOf(budget.limit),
    amount: granted,
    reason,
    grantedBy: nameOf(response),
    grantedTo: to,
    createdAtMs: nowMs,
    expiresAtMs,
  };
}

/** An amount above nothing in the unit of the budget, or null. */
function amountIn(budget: Budget, text: string): bigint | null {
  const parsed = parseLimit(text);
  if (parsed === null || unitOf(parsed) !== unitOf(budget.limit)) return null;
  const amount = amountOfLimit(parsed);
  return amount > 0n ? amount : null;
}

/** Under which name the books keep who writes. An operator always has one. */
function nameOf(response: Response): string {
  const { name, role } = visitorOf(response);
  return name ?? role;
}
