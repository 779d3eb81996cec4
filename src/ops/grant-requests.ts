import express, { type Request, Router } from 'express';
import { z } from 'zod';
import type { RequestedGrant } from '../books/grant-requests.ts';
import { redactionOf, requires, visitorOf } from './access/identify.ts';
import type { Redaction } from './access/redact.ts';
import { grantAsked } from './asked-grant.ts';
import { readQuery, sendJson } from './json.ts';
import type { OpsSources } from './sources.ts';
import { nameOf } from './who-writes.ts';

const listQuery = z.strictObject({ all: z.stringbool().default(false) });

/** `/api/v1/grants/requests`: anybody who may read asks for a grant; operators give or decline it. */
export function grantRequestsRouter({
  grantRequests,
  policy,
}: Pick<OpsSources, 'grantRequests' | 'policy'>): Router {
  const router = Router();

  router.get('/', async (request, response) => {
    const query = readQuery(listQuery, request, response);
    if (query === null) return;
    const found = await grantRequests.list({ nowMs: Date.now(), all: query.all });
    const redaction = redactionOf(response);
    sendJson(response, { requests: found.map((one) => shownRequest(one, redaction)) });
  });

  router.post('/', express.json(), async (request, response) => {
    const atMs = Date.now();
    const asked = grantAsked(request.body, policy().budgets, atMs);
    if ('problem' in asked) {
      response.status(400).json({ error: asked.error });
      return;
    }
    const { to: askedFor, ...wanted } = asked;
    const { name: askedBy } = visitorOf(response);
    response.status(201);
    sendJson(response, await grantRequests.ask({ ...wanted, askedFor, askedBy, atMs }));
  });

  router.post('/:id/grant', requires('operator'), async (request: Request<{ id: string }>, response) => {
    const grant = await grantRequests.grant(request.params.id, nameOf(response), Date.now());
    if (grant === null) response.status(404).json({ error: unanswerable(request.params.id) });
    else sendJson(response.status(201), grant);
  });

  router.post('/:id/decline', requires('operator'), async (request: Request<{ id: string }>, response) => {
    const declined = await grantRequests.decline(request.params.id, nameOf(response), Date.now());
    if (declined) response.status(204).end();
    else response.status(404).json({ error: unanswerable(request.params.id) });
  });

  return router;
}

function unanswerable(id: string): string {
  return `there is no request ${id} that waits for an answer`;
}

/** A request as a visitor is shown it: who asks, for whom and why is told to those who may see persons. */
export function shownRequest(
  request: RequestedGrant,
  redaction: Pick<Redaction, 'showsAll' | 'person'>,
): Omit<RequestedGrant, 'reason'> & { readonly reason: string | null } {
  if (redaction.showsAll) return request;
  const { askedBy, askedFor, answer, account } = request;
  return {
    ...request,
    account: account === '' ? '' : redaction.person(account),
    reason: null,
    askedBy: askedBy === null ? null : redaction.person(askedBy),
    askedFor: redaction.person(askedFor),
    answer: answer && { ...answer, by: redaction.person(answer.by) },
  };
}
