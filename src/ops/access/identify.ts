import type { Request, RequestHandler, Response } from 'express';
import type { Access } from './access.ts';
import { isFromElsewhere, isSameOrigin } from './origin.ts';
import { type Redaction, redactionFor } from './redact.ts';
import { forbid, turnAway } from './turn-away.ts';
import { type Known, type KnownBy, may, type Role, type Visitor } from './visitor.ts';

const KNOWN = 'known';
const ACCESS = 'access';

/**
 * Finds out who asks, for the handlers behind it: they know them by `visitorOf`. Turns nobody away. Answers differ by
 * who asks, so nothing on the way may keep them for others; and they quote callers, so no browser may guess another
 * content type than the one that they have.
 */
export function identify(access: Access): RequestHandler {
  return async (request, response, next) => {
    response.locals[ACCESS] = access;
    response.locals[KNOWN] = await access.whoAsks(request);
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    next();
  };
}

/** Who asks. Only behind `requires`, which turns away those of whom nothing is known. */
export function visitorOf(response: Response): Visitor {
  const known = knownTo(response);
  if (known === null) throw new Error('A handler asked for the visitor without requires(role) before it');
  return known.visitor;
}

/** What who asks is shown; as little as viewers are where nobody knows who asks. */
export function redactionOf(response: Response): Redaction {
  const visitor: Visitor = knownTo(response)?.visitor ?? { name: null, role: 'viewer' };
  return redactionFor(visitor, accessOf(response).pseudonymOf);
}

/**
 * Lets visitors of this role through, and of those that include it. What changes something must come from a page of
 * this port, unless a token stands in the request: all else a browser sends along for any site that makes it ask.
 */
export function requires(role: Role): RequestHandler {
  return (request, response, next) => {
    const known = knownTo(response);
    if (known === null || !may(known.visitor, role)) {
      turnAway({ request, response }, { role, known, access: accessOf(response) });
    } else if (changesSomething(request.method) && isAskedByAnother(request, known.by)) {
      forbid(response, 'what changes something must come from a page of this address, or with a token');
    } else next();
  };
}

/** Who asks, and by what; null where nobody knows. */
export function knownTo(response: Response): Known | null {
  // `locals` are untyped; `identify` alone writes this one, and the next.
  return (response.locals[KNOWN] ?? null) as Known | null;
}

function accessOf(response: Response): Access {
  const access = response.locals[ACCESS] as Access | undefined;
  if (access === undefined) throw new Error('identify() must come before what asks who the visitor is');
  return access;
}

/**
 * Whether another site may have made this request. A browser sends a session or an identity along with every request,
 * so that must be ruled out for those. A visitor without a name has no authority to borrow: there it is enough that
 * the browser does not say so.
 */
function isAskedByAnother(request: Request, by: KnownBy): boolean {
  if (by === 'token') return false;
  return by === 'nothing' ? isFromElsewhere(request) : !isSameOrigin(request);
}

function changesSomething(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}
