import type { Request, RequestHandler, Response } from 'express';
import { type Redaction, redactionFor } from '../redaction/redact.ts';
import type { Access } from './access.ts';
import { isCrossOrigin, isSameOrigin } from './origin.ts';
import { forbid, turnAway } from './turn-away.ts';
import { hasRole, type Identification, type IdentifiedBy, type Role, type Visitor } from './visitor.ts';

const IDENTIFICATION = 'identification';
const ACCESS = 'access';

/**
 * Finds out who asks, for the handlers behind it, which get it from `visitorOf`. Turns nobody away. Answers depend on
 * who asks, so no cache may keep them for others; and they quote callers, so no browser may guess another content type
 * than the declared one.
 */
export function identifyVisitor(access: Access): RequestHandler {
  return async (request, response, next) => {
    response.locals[ACCESS] = access;
    response.locals[IDENTIFICATION] = await access.identify(request);
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    next();
  };
}

/** Who asks. Only behind `requireRole`, which turns away unknown visitors. */
export function visitorOf(response: Response): Visitor {
  const identification = identificationOf(response);
  if (identification === null)
    throw new Error('A handler asked for the visitor without requireRole before it');
  return identification.visitor;
}

/** What the visitor may see: as little as a viewer if nobody knows who asks. */
export function redactionOf(response: Response): Redaction {
  const visitor: Visitor = identificationOf(response)?.visitor ?? { name: null, role: 'viewer' };
  return redactionFor(visitor, accessOf(response).pseudonymOf);
}

/**
 * Lets visitors with this role through, or with one that includes it. A change must come from a page of this port,
 * unless the request carries a token: everything else a browser sends along even when another site triggers the
 * request.
 */
export function requireRole(role: Role): RequestHandler {
  return (request, response, next) => {
    const identification = identificationOf(response);
    if (identification === null || !hasRole(identification.visitor, role)) {
      turnAway({ request, response }, { role, identification, access: accessOf(response) });
    } else if (isWrite(request.method) && isForged(request, identification.by)) {
      forbid(response, 'what changes something must come from a page of this address, or with a token');
    } else next();
  };
}

/** Who asks, and how that is known; null if nobody knows. */
export function identificationOf(response: Response): Identification | null {
  // `locals` are untyped; only `identifyVisitor` writes this one and the next.
  return (response.locals[IDENTIFICATION] ?? null) as Identification | null;
}

function accessOf(response: Response): Access {
  const access = response.locals[ACCESS] as Access | undefined;
  if (access === undefined) throw new Error('identifyVisitor must come before what asks who the visitor is');
  return access;
}

/**
 * Whether another site may have triggered this request. A browser sends a session or an identity along with every
 * request, so that must be ruled out for those. A visitor without a name has no authority to borrow: for them it is
 * enough that the browser does not report another site.
 */
function isForged(request: Request, by: IdentifiedBy): boolean {
  if (by === 'token') return false;
  return by === 'nothing' ? isCrossOrigin(request) : !isSameOrigin(request);
}

function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}
