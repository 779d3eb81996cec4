import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import { may, type Role, type Visitor } from './visitor.ts';

/** Tells who asks. */
export interface Access {
  /** Null where nothing says who asks, and nobody is let in unnamed. */
  visitorOf(request: IncomingMessage): Visitor | null;
}

const VISITOR = 'visitor';

/** Finds out who asks, for the handlers behind it: they know them by `visitorOf`. Turns nobody away. */
export function identify(access: Access): RequestHandler {
  return (request, response, next) => {
    response.locals[VISITOR] = access.visitorOf(request);
    next();
  };
}

/** Who asks. Only behind `requires`, which turns away those of whom nothing is known. */
export function visitorOf(response: Response): Visitor {
  const visitor = knownVisitor(response);
  if (visitor === null) throw new Error('A handler asked for the visitor without requires(role) before it');
  return visitor;
}

/** Lets visitors of this role through, and of those that include it. */
export function requires(role: Role): RequestHandler {
  return (_request, response, next) => {
    const visitor = knownVisitor(response);
    if (visitor !== null && may(visitor, role)) return next();
    response
      .status(401)
      .set('www-authenticate', 'Bearer')
      .json({ error: `this needs the token of a ${role} in the Authorization header: Bearer TOKEN` });
  };
}

function knownVisitor(response: Response): Visitor | null {
  return (response.locals[VISITOR] ?? null) as Visitor | null;
}
