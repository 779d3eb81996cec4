import express, { Router } from 'express';
import { answerJson } from './answer.ts';
import { principalOfToken } from './bearer-token.ts';

const TOKEN_LIFE_SECONDS = 3599;

/**
 * Google's token-info endpoint: whose access token it is, for those who cannot ask BigQuery.
 * @see https://cloud.google.com/docs/authentication/token-types#access-contents
 */
export function tokenInfo(): Router {
  const router = Router();
  router.all('/oauth2/tokeninfo', express.urlencoded({ extended: false }), async (request, response) => {
    const token = request.query['access_token'] ?? formField(request.body, 'access_token');
    const principal = typeof token === 'string' ? principalOfToken(token) : null;
    if (principal === null) {
      await answerJson(
        request,
        response,
        { error: 'invalid_token', error_description: 'Invalid Value' },
        400,
      );
      return;
    }
    await answerJson(request, response, {
      scope: 'https://www.googleapis.com/auth/bigquery https://www.googleapis.com/auth/userinfo.email',
      exp: String(Math.floor(Date.now() / 1000) + TOKEN_LIFE_SECONDS),
      expires_in: String(TOKEN_LIFE_SECONDS),
      email: principal,
      email_verified: 'true',
      access_type: 'online',
    });
  });
  return router;
}

function formField(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}
