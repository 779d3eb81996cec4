import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

/** Who may write, by the digest of their token. */
export interface Operators {
  /** The operator's name; null where the Authorization header holds no operator's token. */
  nameOf(authorization: string | undefined): string | null;
  /** True where nobody may write. */
  readonly isEmpty: boolean;
}

/** @param tokens each operator's token by their name */
export function createOperators(tokens: ReadonlyMap<string, string>): Operators {
  const digests = [...tokens].map(([name, token]) => ({ name, digest: digestOf(token) }));
  return {
    isEmpty: tokens.size === 0,
    nameOf(authorization) {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return null;
      const asked = digestOf(token);
      return digests.find(({ digest }) => timingSafeEqual(digest, asked))?.name ?? null;
    },
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Lets nobody but operators through; the handlers behind it know them by `operatorOf`. */
export function operatorsOnly(operators: Operators): RequestHandler {
  return (request, response, next) => {
    const name = operators.nameOf(request.headers.authorization);
    if (name !== null) {
      response.locals['operator'] = name;
      next();
      return;
    }
    const error = operators.isEmpty
      ? 'nobody may write: name operators and their tokens in the setting operator_tokens'
      : "this needs an operator's token in the Authorization header: Bearer TOKEN";
    response
      .status(operators.isEmpty ? 403 : 401)
      .set('www-authenticate', 'Bearer')
      .json({ error });
  };
}

/** The operator whom `operatorsOnly` let through. */
export function operatorOf(response: Response): string {
  return String(response.locals['operator']);
}
