import type { Language } from '../../vocabulary/policy.ts';
import { english } from './en.ts';
import { portuguese } from './pt-br.ts';

/** The console's words in one language: every language has all of them. */
export type Phrases = typeof english;

const PHRASES: Readonly<Record<Language, Phrases>> = { en: english, 'pt-BR': portuguese };

/** The console's words in a language. */
export function phrasesIn(language: Language): Phrases {
  return PHRASES[language];
}
