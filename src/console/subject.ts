import type { Language } from '../foundation/text/language.ts';
import { phrasesIn } from './phrases/phrases.ts';

type Kind = keyof ReturnType<typeof phrasesIn>['kinds'];

/** What something applies to, part by part: `team finops`. */
export function subjectTexts(
  subject: Readonly<Partial<Record<Kind, string | undefined>>>,
  language: Language,
): readonly string[] {
  const { kinds } = phrasesIn(language);
  // `Object.entries` forgets that the keys are kinds.
  return Object.entries(subject).map(([kind, name = '']) => `${kinds[kind as Kind]} ${name}`);
}
