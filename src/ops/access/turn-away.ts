import type { Request, Response } from 'express';
import type { Access } from './access.ts';
import { isSameOrigin } from './origin.ts';
import { localPath, signInPath } from './sign-in/next.ts';
import { sendSignIn } from './sign-in/send-page.ts';
import type { Identification, Role } from './visitor.ts';

const ARTICLES: Readonly<Record<Role, string>> = {
  viewer: 'a viewer',
  analyst: 'an analyst',
  operator: 'an operator',
};

/**
 * Tells a visitor who may not do something how they could. A browser is sent to sign in, unless it is signed in
 * already: then it is told that this is not enough. One that sent a form is told that nothing was done.
 */
export function turnAway(
  { request, response }: { readonly request: Request; readonly response: Response },
  {
    role,
    identification,
    access,
  }: { readonly role: Role; readonly identification: Identification | null; readonly access: Access },
): void {
  const name = identification?.visitor.name ?? null;
  const isPage = isPageRequest(request);
  const isForm = isOwnForm(request);
  if (identification !== null && name !== null && (isPage || isForm)) {
    const next = isForm ? pageOfForm(request) : localPath(request.originalUrl);
    sendSignIn({ request, response }, { identification, next, problem: 'notEnough' });
  } else if (identification !== null && name !== null) {
    forbid(response, `this needs ${ARTICLES[role]}, and ${name} is ${ARTICLES[identification.visitor.role]}`);
  } else if (!access.hasAnyHolder(role)) {
    forbid(response, `${nobodyMay(role)}: name ${role}s and their tokens in the setting ${role}_tokens`);
  } else if (isPage) {
    sendToSignIn(request, response);
  } else if (isForm) {
    sendSignIn({ request, response }, { identification, next: pageOfForm(request), problem: 'ended' });
  } else {
    response
      .status(401)
      .set('www-authenticate', 'Bearer')
      .json({ error: `this needs ${ARTICLES[role]}'s token in the Authorization header: Bearer TOKEN` });
  }
}

/** True if a browser asks for a page to show. */
export function isPageRequest(request: Request): boolean {
  return request.method === 'GET' && wantsPage(request);
}

/** True if a browser sends a form that a page of this port shows. */
function isOwnForm(request: Request): boolean {
  return request.method === 'POST' && wantsPage(request) && isSameOrigin(request);
}

function wantsPage(request: Request): boolean {
  return request.accepts(['json', 'html']) === 'html';
}

/** The page that shows a form, as the browser names it; the first page if it does not. */
function pageOfForm({ headers: { referer = '' } }: Request): string {
  if (!URL.canParse(referer)) return '/';
  const { pathname, search } = new URL(referer);
  return localPath(`${pathname}${search}`);
}

/** @param error why, and what would be let through */
export function forbid(response: Response, error: string): void {
  response.status(403).set('www-authenticate', 'Bearer').json({ error });
}

function nobodyMay(role: Role): string {
  return role === 'operator' ? 'nobody may write' : 'nobody may read';
}

/**
 * A link in a message from another site does not bring the session along, since its cookie is for this site only. A
 * page of this site that makes the request again does.
 */
function sendToSignIn(request: Request, response: Response): void {
  const path = signInPath(request.originalUrl);
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    response
      .status(401)
      .set('refresh', `0;url=${path}`)
      .type('html')
      .send('<!doctype html><title>guardrail</title>');
  } else response.redirect(303, path);
}
