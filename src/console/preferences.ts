import type { Request, Response } from 'express';
import { DAY_MS } from '../calendar/durations.ts';
import { type Language, languages } from '../vocabulary/policy.ts';

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
  const cookies = cookiesOf(request.headers.cookie ?? '');
  const language = languages.find((each) => each === cookies.get(COOKIES.language));
  return {
    language: language ?? acceptedLanguage(request),
    theme: themes.find((each) => each === cookies.get(COOKIES.theme)) ?? 'auto',
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

function cookiesOf(header: string): ReadonlyMap<string, string> {
  return new Map(
    header.split(';').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
    }),
  );
}
