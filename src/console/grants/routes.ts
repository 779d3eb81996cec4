import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import type { TooManyRequests } from '../../books/grants/grant-requests.ts';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import { requireRole, visitorOf } from '../../ops/access/identify.ts';
import type { Role } from '../../ops/access/visitor.ts';
import { operatorName } from '../../ops/operator-name.ts';
import { type GrantInput, parseGrant } from '../../ops/parse-grant.ts';
import { contextOf } from '../context.ts';
import { answerFailed } from '../plain-page.ts';
import { setSecurityHeaders } from '../security.ts';
import type { ConsoleSources } from '../sources.ts';
import { grantBodyFrom, grantFormFields, type Note, notes, type PrefilledFields } from './form.ts';
import { type GrantsView, grantsPage } from './page.ts';

/** A few hundred characters in each field; nothing larger is accepted. */
const MAX_FORM_SIZE = '8kb';

const NOTHING: PrefilledFields = { budget: '', account: '' };

const parseForm = express.urlencoded({ extended: false, limit: MAX_FORM_SIZE });

/** Requests and grants on the page, of each the newest: as some are answered or end, older ones move up. */
const MAX_SHOWN = 100;

/** For how long, and of how many requests, the page says what became of them. */
const CLOSED_MS = 7 * DAY_MS;
const MAX_CLOSED = 10;

/** The forms of `/grants`. Each leads back to the page, which says what was done. */
export function grantForms(sources: ConsoleSources): Router {
  const { grants, grantRequests } = sources;
  const router = Router();
  router.post(
    '/grants/requests',
    ...formFor('viewer', 'asked', sources, ({ to: askedFor, ...request }, atMs, response) =>
      grantRequests.ask({ ...request, askedFor, askedBy: visitorOf(response).name, atMs }),
    ),
  );
  router.post(
    '/grants',
    ...formFor('operator', 'given', sources, ({ to: grantedTo, ...grant }, createdAtMs, response) =>
      grants.give({ ...grant, grantedTo, grantedBy: operatorName(response), createdAtMs }),
    ),
  );
  router.post('/grants/requests/:id/grant', ...buttonFor('granted', sources, grantRequests.grant));
  router.post('/grants/requests/:id/decline', ...buttonFor('declined', sources, grantRequests.decline));
  router.post('/grants/:id/revoke', ...buttonFor('revoked', sources, grants.revoke));
  return router;
}

/** Handles a form that describes a grant; one that makes no sense comes back with what is wrong with it. */
function formFor(
  role: Role,
  done: Note,
  sources: ConsoleSources,
  enter: (input: GrantInput, atMs: number, response: Response) => Promise<object | TooManyRequests>,
): readonly RequestHandler[] {
  const handler: RequestHandler = async (request, response) => {
    const atMs = Date.now();
    const fields = grantFormFields.parse(request.body ?? {});
    const input = parseGrant(grantBodyFrom(fields, atMs), sources.policy().budgets, atMs);
    if ('problem' in input) return answerWithProblem(400, { ...input, fields });
    const entered = await enter(input, atMs, response);
    if ('problem' in entered) return answerWithProblem(429, { ...entered, fields });
    return redirectBack(response, done);

    async function answerWithProblem(status: number, rejected: GrantsView['rejected']): Promise<void> {
      const context = { ...contextOf(request, response, sources), url: '/grants' };
      const view = await grantsViewOf(sources, context.nowMs);
      response
        .status(status)
        .type('html')
        .send(grantsPage({ ...view, note: null, prefilled: NOTHING, rejected }, context));
    }
  };
  return [setSecurityHeaders, requireRole(role), parseForm, orFailedPage(handler, sources)];
}

/** Whoever sends a form gets a page back, whatever fails: in a browser, anything else is hard to read. */
function orFailedPage(handler: RequestHandler, sources: ConsoleSources): RequestHandler {
  return async (request, response, next) => {
    try {
      await handler(request, response, next);
    } catch (error) {
      answerFailed(request, response, { sources, error, url: '/grants' });
    }
  };
}

/** Handles a button beside a request or a grant, by whose ID `work` finds it, or does not. */
function buttonFor(
  done: Note,
  sources: ConsoleSources,
  work: (id: string, by: string, atMs: number) => Promise<unknown>,
): readonly RequestHandler[] {
  const handler: RequestHandler = async (request, response) => {
    const outcome = await work(String(request.params['id']), operatorName(response), Date.now());
    redirectBack(response, outcome === null || outcome === false ? 'gone' : done);
  };
  return [setSecurityHeaders, requireRole('operator'), orFailedPage(handler, sources)];
}

/** The content of the page, whoever looks at it. */
export async function grantsViewOf(
  { grants, grantRequests, policy, rejectedPolicy }: ConsoleSources,
  nowMs: number,
) {
  const open = { nowMs, all: false, limit: MAX_SHOWN };
  return {
    budgets: policy().budgets,
    rejectedPolicy,
    openRequests: await grantRequests.list(open),
    closedRequests: await grantRequests.closed({ afterMs: nowMs - CLOSED_MS, nowMs, limit: MAX_CLOSED }),
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
