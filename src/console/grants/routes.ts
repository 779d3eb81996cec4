import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import type { TooManyRequests } from '../../books/grant-requests.ts';
import { requireRole, visitorOf } from '../../ops/access/identify.ts';
import { operatorName } from '../../ops/operator-name.ts';
import { type GrantProblem, parseGrant } from '../../ops/parse-grant.ts';
import { contextOf } from '../context.ts';
import { setSecurityHeaders } from '../security.ts';
import type { ConsoleSources } from '../sources.ts';
import { type GrantFormFields, grantBodyFrom, grantFormFields, type Note, notes } from './form.ts';
import { grantsPage } from './page.ts';

/** A few hundred characters in each field; nothing larger is accepted. */
const MAX_FORM_SIZE = '8kb';

/** Requests and grants on the page, of each the newest: as some are answered or end, older ones move up. */
const MAX_SHOWN = 100;

/** The forms of `/grants`. Each leads back to the page, which says what was done. */
export function grantForms(sources: ConsoleSources): Router {
  const router = Router();
  const { grants, grantRequests, policy } = sources;
  const parseForm = express.urlencoded({ extended: false, limit: MAX_FORM_SIZE });

  router.post(
    '/grants/requests',
    setSecurityHeaders,
    requireRole('viewer'),
    parseForm,
    async (request, response) => {
      const atMs = Date.now();
      const fields = grantFormFields.parse(request.body ?? {});
      const grantInput = parseGrant(grantBodyFrom(fields, atMs), policy().budgets, atMs);
      if ('problem' in grantInput) return answerWithProblem({ request, response }, { ...grantInput, fields });
      const { to: askedFor, ...newRequest } = grantInput;
      const filed = await grantRequests.ask({
        ...newRequest,
        askedFor,
        askedBy: visitorOf(response).name,
        atMs,
      });
      if ('problem' in filed) return answerWithProblem({ request, response }, { ...filed, fields }, 429);
      redirectBack(response, 'asked');
    },
  );

  router.post(
    '/grants',
    setSecurityHeaders,
    requireRole('operator'),
    parseForm,
    async (request, response) => {
      const nowMs = Date.now();
      const fields = grantFormFields.parse(request.body ?? {});
      const grantInput = parseGrant(grantBodyFrom(fields, nowMs), policy().budgets, nowMs);
      if ('problem' in grantInput) return answerWithProblem({ request, response }, { ...grantInput, fields });
      const { to: grantedTo, ...grant } = grantInput;
      await grants.give({ ...grant, grantedTo, grantedBy: operatorName(response), createdAtMs: nowMs });
      redirectBack(response, 'given');
    },
  );

  const postAction = (
    path: string,
    done: Note,
    work: (id: string, by: string, atMs: number) => Promise<unknown>,
  ) => {
    const handler: RequestHandler<{ id: string }> = async (request, response) => {
      const outcome = await work(request.params.id, operatorName(response), Date.now());
      redirectBack(response, outcome === null || outcome === false ? 'gone' : done);
    };
    // Express infers parameter names only from literal paths; here all paths have `:id`.
    router.post(path, setSecurityHeaders, requireRole('operator'), handler as RequestHandler);
  };
  postAction('/grants/requests/:id/grant', 'granted', grantRequests.grant);
  postAction('/grants/requests/:id/decline', 'declined', grantRequests.decline);
  postAction('/grants/:id/end', 'ended', grants.revoke);

  async function answerWithProblem(
    { request, response }: { readonly request: Request; readonly response: Response },
    rejected: (GrantProblem | TooManyRequests) & { readonly fields: GrantFormFields },
    status = 400,
  ): Promise<void> {
    const context = { ...contextOf(request, response, sources), url: '/grants' };
    const page = grantsPage(
      { ...(await grantsViewOf(sources, context.nowMs)), note: null, rejected },
      context,
    );
    response.status(status).type('html').send(page);
  }

  return router;
}

/** The content of the page, whoever looks at it. */
export async function grantsViewOf({ grants, grantRequests, policy }: ConsoleSources, nowMs: number) {
  const open = { nowMs, all: false, limit: MAX_SHOWN };
  return {
    budgets: policy().budgets,
    openRequests: await grantRequests.list(open),
    inForce: await grants.list(open),
  };
}

/** What was just done according to the address; null if it does not say. */
export function noteFrom(request: Request): Note | null {
  return notes.find((note) => note === request.query['done']) ?? null;
}

function redirectBack(response: Response, note: Note): void {
  response.redirect(303, `/grants?done=${note}`);
}
