import type { Language } from '../../vocabulary/policy.ts';
import { english, type Phrases } from './en.ts';
import { portuguese } from './pt-br.ts';

export type { Phrases } from './en.ts';

const PHRASES: Readonly<Record<Language, Phrases>> = { en: english, 'pt-BR': portuguese };

/** The console's words in a language. */
export function phrasesIn(language: Language): Phrases {
  return PHRASES[language];
}
