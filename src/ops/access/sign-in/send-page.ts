import type { Request, Response } from 'express';
import { preferencesOf } from '../../preferences.ts';
import { PAGE_POLICY, type SignIn, signInPage } from './page.ts';

/**
 * Answers with the page for pasting a token: with 403 if it reports a problem, and with 429 if the problem is too many
 * attempts.
 */
export function sendSignIn(
  { request, response }: { readonly request: Request; readonly response: Response },
  signIn: SignIn,
): void {
  response
    .status(statusOf(signIn))
    .set({
      'content-security-policy': PAGE_POLICY,
      'referrer-policy': 'same-origin',
      vary: 'accept-language, cookie',
    })
    .type('html')
    .send(signInPage(signIn, preferencesOf(request)));
}

function statusOf({ problem }: SignIn): number {
  if (problem === null) return 200;
  return problem === 'tooMany' ? 429 : 403;
}
