import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import type { TooManyRequests } from '../../books/grant-requests.ts';
import { requires, visitorOf } from '../../ops/access/identify.ts';
import { type GrantProblem, grantAsked } from '../../ops/asked-grant.ts';
import { nameOf } from '../../ops/who-writes.ts';
import { contextOf } from '../context.ts';
import { setSecurityHeaders } from '../security.ts';
import type { ConsoleSources } from '../sources.ts';
import { type AskedFields, askedFields, bodyFrom, type Note, notes } from './form.ts';
import { grantsPage } from './page.ts';

/** A few hundred characters in each field; nothing larger is accepted. */
const LONGEST_FORM = '8kb';

/** Requests on the page: as some are answered, older ones move up. */
const MOST_SHOWN = 100;

/** The forms of `/grants`. Each leads back to the page, which says what was done. */
export function grantForms(sources: ConsoleSources): Router {
  const router = Router();
  const { grants, grantRequests, policy } = sources;
  const fields = express.urlencoded({ extended: false, limit: LONGEST_FORM });

  router.post(
    '/grants/requests',
    setSecurityHeaders,
    requires('viewer'),
    fields,
    async (request, response) => {
      const atMs = Date.now();
      const typed = askedFields.parse(request.body ?? {});
      const asked = grantAsked(bodyFrom(typed, atMs), policy().budgets, atMs);
      if ('problem' in asked) return answerWithProblem({ request, response }, { ...asked, fields: typed });
      const { to: askedFor, ...wanted } = asked;
      const filed = await grantRequests.ask({ ...wanted, askedFor, askedBy: visitorOf(response).name, atMs });
      if ('problem' in filed)
        return answerWithProblem({ request, response }, { ...filed, fields: typed }, 429);
      redirectBack(response, 'asked');
    },
  );

  router.post('/grants', setSecurityHeaders, requires('operator'), fields, async (request, response) => {
    const nowMs = Date.now();
    const typed = askedFields.parse(request.body ?? {});
    const asked = grantAsked(bodyFrom(typed, nowMs), policy().budgets, nowMs);
    if ('problem' in asked) return answerWithProblem({ request, response }, { ...asked, fields: typed });
    const { to: grantedTo, ...grant } = asked;
    await grants.give({ ...grant, grantedTo, grantedBy: nameOf(response), createdAtMs: nowMs });
    redirectBack(response, 'given');
  });

  const act = (
    path: string,
    done: Note,
    work: (id: string, by: string, atMs: number) => Promise<unknown>,
  ) => {
    const handler: RequestHandler<{ id: string }> = async (request, response) => {
      const outcome = await work(request.params.id, nameOf(response), Date.now());
      redirectBack(response, outcome === null || outcome === false ? 'gone' : done);
    };
    // Express infers parameter names only from literal paths; here all paths have `:id`.
    router.post(path, setSecurityHeaders, requires('operator'), handler as RequestHandler);
  };
  act('/grants/requests/:id/grant', 'granted', grantRequests.grant);
  act('/grants/requests/:id/decline', 'declined', grantRequests.decline);
  act('/grants/:id/end', 'ended', grants.revoke);

  async function answerWithProblem(
    { request, response }: { readonly request: Request; readonly response: Response },
    wrong: (GrantProblem | TooManyRequests) & { readonly fields: AskedFields },
    status = 400,
  ): Promise<void> {
    const context = { ...contextOf(request, response, sources), url: '/grants' };
    const page = grantsPage({ ...(await shownGrants(sources, context.nowMs)), note: null, wrong }, context);
    response.status(status).type('html').send(page);
  }

  return router;
}

/** The content of the page, whoever looks at it. */
export async function shownGrants({ grants, grantRequests, policy }: ConsoleSources, nowMs: number) {
  return {
    budgets: policy().budgets,
    asked: await grantRequests.list({ nowMs, all: false, limit: MOST_SHOWN }),
    grants: await grants.list({ nowMs, all: false }),
  };
}

/** What was just done according to the address; null if it does not say. */
export function noteFrom(request: Request): Note | null {
  return notes.find((one) => one === request.query['done']) ?? null;
}

function redirectBack(response: Response, note: Note): void {
  response.redirect(303, `/grants?done=${note}`);
}
