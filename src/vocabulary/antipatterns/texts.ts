import type { Language } from '../../foundation/text/language.ts';
import type { AntiPatternName, AntiPatternText, AntiPatternTexts } from './antipattern.ts';
import { ENGLISH } from './english.ts';
import { PORTUGUESE } from './portuguese.ts';

const TEXTS: Readonly<Record<Language, AntiPatternTexts>> = { en: ENGLISH, 'pt-BR': PORTUGUESE };

/** What an anti-pattern is, why it is costly, and what to do instead. */
export function antiPatternText(name: AntiPatternName, language: Language): AntiPatternText {
  return TEXTS[language][name];
}
