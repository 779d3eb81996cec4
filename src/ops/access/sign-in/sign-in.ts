import express, { type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Access } from '../access.ts';
import { SESSION_COOKIE, sessionCookie } from '../cookies.ts';
import { identificationOf } from '../identify.ts';
import { isSameOrigin } from '../origin.ts';
import { SESSION_MS } from '../sessions.ts';
import { type Attempts, createAttempts } from './attempts.ts';
import { localPath } from './next.ts';
import type { Problem } from './phrases.ts';
import { sendSignIn } from './send-page.ts';

/** A token and a path: a larger body is not this form. */
const MAX_FORM_SIZE = '8kb';

const form = z.object({ token: z.string().trim(), next: z.string().optional() });

/** `/sign-in` and `/sign-out`: a token is pasted once, and from then on a cookie stands for it. */
export function signInRouter(access: Access, log: Logger): Router {
  const router = Router();
  const fields = express.urlencoded({ extended: false, limit: MAX_FORM_SIZE });

  router.get('/sign-in', (request, response) => {
    const next = localPath(request.query['next']);
    const identification = identificationOf(response);
    // A visitor who has a session but was sent here followed a link from another site, which did not bring the cookie
    // along.
    if (identification?.by === 'session' && request.query['next'] !== undefined) response.redirect(303, next);
    else sendSignIn({ request, response }, { identification, next, problem: null });
  });

  router.post('/sign-in', fields, signIn(access, createAttempts(), log));

  router.get('/sign-out', (request, response) => {
    sendSignIn(
      { request, response },
      { identification: identificationOf(response), next: '/', problem: null },
    );
  });

  router.post('/sign-out', (request, response) => {
    if (isSameOrigin(request)) {
      access.signOut(request);
      response.clearCookie(SESSION_COOKIE, sessionCookie(access.isOverTls(request)));
    }
    response.redirect(303, '/sign-in');
  });

  return router;
}

function signIn(access: Access, attempts: Attempts, log: Logger): RequestHandler {
  return (request, response) => {
    const body = form.safeParse(request.body);
    const next = localPath(body.data?.next);
    const refuse = (problem: Problem) =>
      sendSignIn({ request, response }, { identification: identificationOf(response), next, problem });
    // Another site could sign a browser in as somebody else.
    if (!isSameOrigin(request)) return refuse('notFromHere');
    const from = request.socket.remoteAddress ?? '';
    if (!attempts.mayTry(from, Date.now())) return refuse('tooMany');
    const signedIn = access.signIn(body.data?.token ?? '');
    if (signedIn === null) {
      attempts.recordFailure(from, Date.now());
      log.warn({ from }, 'somebody tried to sign in with a token that nobody has');
      return refuse('wrongToken');
    }
    const cookie = { ...sessionCookie(access.isOverTls(request)), maxAge: SESSION_MS };
    log.info({ name: signedIn.holder.name, role: signedIn.holder.role }, 'somebody signed in');
    response.cookie(SESSION_COOKIE, signedIn.session, cookie).redirect(303, next);
  };
}
