import type { Language } from '../../foundation/text/language.ts';
import type { Easing, RuleMode } from '../../vocabulary/policy.ts';
import { phrasesIn } from './phrases.ts';

/** An addition to a warning: from when on the same query will be refused. Empty if that is not known. */
export function enforcementNotice(eased: Easing | null, mode: RuleMode, language: Language): string {
  if (eased?.by !== 'date' || mode !== 'warn') return '';
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(
    Date.parse(eased.from),
  );
  return phrasesIn(language)('refusedFrom', { day });
}
