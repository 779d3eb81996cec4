import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { BigQueryError } from '../../warehouse.ts';

const email = z.email();

/** The principal of one of the sandbox's access tokens, `sandbox:EMAIL`; null for any other token. */
export function principalOfToken(token: string): string | null {
  const parsed = email.safeParse(/^sandbox:(.+)$/.exec(token)?.[1]);
  return parsed.success ? parsed.data : null;
}

/** Lets requests with one of the sandbox's tokens through, and answers 401 to any other, as Google does. */
export function authenticate(): RequestHandler {
  return (request, response, next) => {
    const token = /^Bearer +(\S+) *$/i.exec(request.get('authorization') ?? '')?.[1];
    const principal = token === undefined ? null : principalOfToken(token);
    if (principal === null) {
      response.set('www-authenticate', 'Bearer realm="https://accounts.google.com/", error="invalid_token"');
      throw new BigQueryError(
        401,
        'authError',
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other ' +
          'valid authentication credential. See ' +
          'https://developers.google.com/identity/sign-in/web/devconsole-project.',
        'Authorization',
      );
    }
    response.locals['principal'] = principal;
    next();
  };
}

/** Who asks. Only behind `authenticate`. */
export function principalOf(response: Response): string {
  return z.string().parse(response.locals['principal']);
}
