import { html, type Markup } from '../foundation/pages/html.ts';
import type { PageContext } from './page.ts';
import { phrasesIn } from './phrases/phrases.ts';
import type { ConsoleSources } from './sources.ts';

/** On pages that show what the policy files say: that they do not show the last edit, if it was rejected. */
export function rejectedEditNote(
  { rejectedPolicy }: Pick<ConsoleSources, 'rejectedPolicy'>,
  { language }: PageContext,
): Markup | '' {
  if (rejectedPolicy() === null) return '';
  const { text, why } = phrasesIn(language).rejectedEdit;
  return html`<p class="message bad" role="alert">${text} <a href="/health">${why}</a></p>`;
}
