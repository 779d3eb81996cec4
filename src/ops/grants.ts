import express, { type Request, Router } from 'express';
import { z } from 'zod';
import { redactionOf, requires } from './access/identify.ts';
import { grantAsked } from './asked-grant.ts';
import { grantRequestsRouter } from './grant-requests.ts';
import { readQuery, sendJson } from './json.ts';
import type { OpsSources } from './sources.ts';
import { nameOf } from './who-writes.ts';

const listQuery = z.strictObject({ all: z.stringbool().default(false) });

/** `/api/v1/grants`: who was given what, and giving and taking back, for operators. */
export function grantsRouter(sources: OpsSources): Router {
  const { grants, policy } = sources;
  const router = Router();
  const accountsOf = (name: string) => policy().budgets.find((budget) => budget.name === name)?.per;

  router.get('/', async (request, response) => {
    const query = readQuery(listQuery, request, response);
    if (query === null) return;
    const redaction = redactionOf(response);
    const found = await grants.list({ nowMs: Date.now(), all: query.all });
    sendJson(response, { grants: found.map((grant) => redaction.grant(grant, accountsOf(grant.budget))) });
  });

  router.use('/requests', grantRequestsRouter(sources));

  router.post('/', requires('operator'), express.json(), async (request, response) => {
    const nowMs = Date.now();
    const asked = grantAsked(request.body, policy().budgets, nowMs);
    if ('problem' in asked) {
      response.status(400).json({ error: asked.error });
      return;
    }
    const { to: grantedTo, ...grant } = asked;
    const given = await grants.give({ ...grant, grantedTo, grantedBy: nameOf(response), createdAtMs: nowMs });
    response.status(201);
    sendJson(response, given);
  });

  router.delete('/:id', requires('operator'), async (request: Request<{ id: string }>, response) => {
    const revoked = await grants.revoke(request.params.id, nameOf(response), Date.now());
    if (revoked === null) response.status(404).json({ error: `there is no grant ${request.params.id}` });
    else sendJson(response, revoked);
  });

  return router;
}
