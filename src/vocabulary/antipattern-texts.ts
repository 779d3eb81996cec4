import type { AntiPatternFinding, AntiPatternName } from './antipattern.ts';
import { ENGLISH } from './antipatterns/english.ts';
import { PORTUGUESE } from './antipatterns/portuguese.ts';
import type { AntiPatternText, AntiPatternTexts } from './antipatterns/text.ts';
import type { Language } from './policy.ts';

const TEXTS: Readonly<Record<Language, AntiPatternTexts>> = { en: ENGLISH, 'pt-BR': PORTUGUESE };

export function antiPatternText(name: AntiPatternName, language: Language): AntiPatternText {
  return TEXTS[language][name];
}

/** A finding as one line for people: what it is, of which table and column, and what to do. */
export function antiPatternMessage({ name, table, column }: AntiPatternFinding, language: Language): string {
  const { title, instead } = antiPatternText(name, language);
  const about = [table, column].filter((part) => part !== null).join('.');
  return `${title}${about === '' ? '' : ` (${about})`}. ${instead}`;
}
