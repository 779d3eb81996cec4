import type { Request } from 'express';
import { type Language, languages } from '../../vocabulary/policy.ts';
import { cookieValues } from './cookies.ts';

/** Says which language the visitor chose. */
export const LANGUAGE_COOKIE = 'guardrail_language';

/** The language that the visitor chose, or else what the browser prefers of those available. */
export function pageLanguage(request: Request): Language {
  const chosen = cookieValues(request.headers.cookie, LANGUAGE_COOKIE);
  return languages.find((language) => chosen.includes(language)) ?? acceptedLanguage(request);
}

/** Any kind of Portuguese gets the Brazilian one. */
function acceptedLanguage(request: Request): Language {
  const accepted = request.acceptsLanguages('en', 'pt-BR', 'pt', 'pt-PT');
  return typeof accepted === 'string' && accepted.startsWith('pt') ? 'pt-BR' : 'en';
}
