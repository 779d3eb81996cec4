import { html, type Markup } from '../../foundation/pages/html.ts';
import type { RedactedRewrite } from '../../ops/redaction/redacted.ts';
import { formatterFor } from '../formats.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';

/** Cheaper forms of a query, each with the saving that a dry run measured. */
export function rewriteSection(rewrites: readonly RedactedRewrite[], context: PageContext): Markup | '' {
  if (rewrites.length === 0) return '';
  const phrases = phrasesIn(context.language).decision;
  return html`<section class="card" id="rewrites"><h2>${phrases.instead}</h2>${rewrites.map((rewrite) => rewriteMarkup(rewrite, context))}</section>`;
}

function rewriteMarkup(rewrite: RedactedRewrite, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).decision;
  const format = formatterFor(context);
  const { changes, sql, result, bytesBilled, savedBytes, savedCost, savedOver, passes } = rewrite;
  const saving = savedOver === 'run' ? phrases.saves : phrases.savesDay;
  return html`<div class="saving"><p class="figure">${savedBytes > 0n ? saving(format.bytes(savedBytes), format.money(savedCost)) : phrases.savesNothing}</p>
<ul>${changes.map((change) => html`<li>${phrases.change({ ...change, shows: change.shows ?? '…' })}</li>`)}</ul>
<p class="note">${phrases.wouldBe(format.bytes(bytesBilled))} ${result === 'same' ? phrases.same : phrases.changed} ${passes ? phrases.passes : phrases.doesNotPass}</p>
${sql === null ? '' : html`<pre tabindex="0">${sql}</pre>`}</div>`;
}
