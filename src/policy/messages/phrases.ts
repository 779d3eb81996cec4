import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from '../../foundation/text/language.ts';
import type { None, PhraseArguments, Templates } from './phrase-arguments.ts';
import { english } from './phrases-en.ts';
import { portuguese } from './phrases-pt-br.ts';

/** Writes one of the sentences. Those without arguments take none. */
export type Say = <Name extends keyof PhraseArguments>(
  name: Name,
  ...args: PhraseArguments[Name] extends None ? [] : [PhraseArguments[Name]]
) => string;

const sayers: Readonly<Record<Language, Say>> = {
  en: sayerOf(english, 'en'),
  'pt-BR': sayerOf(portuguese, 'pt-BR'),
};

/** The sentences of a refusal in a language. */
export function phrasesIn(language: Language): Say {
  return sayers[language];
}

function sayerOf(templates: Templates, language: Language): Say {
  const parsed = new Map(
    Object.entries(templates).map(([name, template]) => [
      name,
      // Names and SQL may contain angle brackets, which are ordinary characters here.
      new IntlMessageFormat(template, language, undefined, { ignoreTag: true }),
    ]),
  );
  return (name, ...[args]) => String(parsed.get(name)?.format({ ...args }));
}
