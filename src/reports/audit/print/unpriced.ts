import { shortName } from '../../../foundation/pages/formats.ts';
import { html, type Markup } from '../../../foundation/pages/html.ts';
import type { Language } from '../../../foundation/text/language.ts';
import type { AuditReport } from '../report.ts';
import { unpricedReason } from './card-cells.ts';
import { phrasesIn } from './phrases.ts';

const MAX_REASON_LENGTH = 400;

/** Every card without a price and every part of the export that was not understood, each with the reason. */
export function unpriced({ cards, notUnderstood }: AuditReport, language: Language): readonly Markup[] {
  const phrases = phrasesIn(language);
  const unpricedCards = cards.filter(({ state }) => state !== 'priced');
  return [
    ...(unpricedCards.length === 0
      ? []
      : [
          html`<h2>${phrases.notPriced}</h2><ul>${unpricedCards.map((card) => html`<li><b><bdi>${shortName(card.name)}</bdi></b> – ${unpricedReason(card, language)}</li>`)}</ul>`,
        ]),
    ...(notUnderstood.length === 0
      ? []
      : [
          html`<h2>${phrases.notUnderstood}</h2><ul>${notUnderstood.map(({ file, why }) => html`<li><b><bdi>${shortName(file)}</bdi></b> – ${shortName(why, MAX_REASON_LENGTH)}</li>`)}</ul>`,
        ]),
  ];
}
