import type { Language } from '../../foundation/text/language.ts';
import { budgets } from './budgets.ts';
import { decision } from './decision.ts';
import { decisions } from './decisions.ts';
import { frame } from './frame.ts';
import { grants } from './grants.ts';
import { health } from './health.ts';
import { overview } from './overview.ts';
import { rules } from './rules.ts';
import { tables } from './tables.ts';

/** The console's text in one language: every language has all of it. */
export type Phrases = ReturnType<typeof joined>;

const PHRASES: Readonly<Record<Language, Phrases>> = { en: joined('en'), 'pt-BR': joined('pt-BR') };

/** The console's text in a language. Amounts, names and dates are passed in already formatted. */
export function phrasesIn(language: Language): Phrases {
  return PHRASES[language];
}

function joined(language: Language) {
  return {
    ...frame[language],
    ...overview[language],
    ...decision[language],
    ...decisions[language],
    ...budgets[language],
    ...grants[language],
    ...rules[language],
    ...tables[language],
    ...health[language],
  };
}
