import type { Request, Response } from 'express';
import { DAY_MS } from '../foundation/calendar/durations.ts';
import { type Language, languages } from '../foundation/text/language.ts';
import { cookieValues } from './access/cookies.ts';

export const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** How a visitor wants pages to look. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

const YEAR_MS = 365 * DAY_MS;
const COOKIES = { language: 'guardrail_language', theme: 'guardrail_theme' } as const;

/** What the visitor chose, or else what the browser says. */
export function preferencesOf(request: Request): Preferences {
  const isChosen = (which: keyof Preferences) => (value: string) =>
    cookieValues(request.headers.cookie, COOKIES[which]).includes(value);
  return {
    language: languages.find(isChosen('language')) ?? acceptedLanguage(request),
    theme: themes.find(isChosen('theme')) ?? 'auto',
  };
}

/** Keeps a choice in the browser. */
export function keepPreference(response: Response, which: keyof Preferences, value: string): void {
  response.cookie(COOKIES[which], value, {
    maxAge: YEAR_MS,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
  });
}

/** Any kind of Portuguese gets the Brazilian one. */
function acceptedLanguage(request: Request): Language {
  const accepted = request.acceptsLanguages('en', 'pt-BR', 'pt', 'pt-PT');
  return typeof accepted === 'string' && accepted.startsWith('pt') ? 'pt-BR' : 'en';
}
