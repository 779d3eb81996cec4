import type { Request, Response } from 'express';
import { DAY_MS } from '../calendar/durations.ts';
import { cookieValues } from '../ops/access/cookies.ts';
import { LANGUAGE_COOKIE, pageLanguage } from '../ops/access/page-language.ts';
import type { Language } from '../vocabulary/policy.ts';

export const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** How a visitor wants pages to look. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

const YEAR_MS = 365 * DAY_MS;
const COOKIES = { language: LANGUAGE_COOKIE, theme: 'guardrail_theme' } as const;

/** What the visitor chose, or else what the browser says. */
export function preferencesOf(request: Request): Preferences {
  const chosen = cookieValues(request.headers.cookie, COOKIES.theme);
  return {
    language: pageLanguage(request),
    theme: themes.find((theme) => chosen.includes(theme)) ?? 'auto',
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
