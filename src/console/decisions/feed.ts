import { html, type Markup } from '../../foundation/pages/html.ts';
import type { RedactedDecision } from '../../ops/redaction/redacted.ts';
import { formatterFor } from '../formats.ts';
import { badge } from '../marks.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { amountsOf, callerText } from './summary.ts';

/** The latest decisions as a list, which the script keeps up to date. */
export function feedList(decisions: readonly RedactedDecision[], context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  if (decisions.length === 0) return html`<p class="note">${phrases.overview.noDecisions}</p>`;
  return html`<ul class="feed">${decisions.map((decision) => feedItem(decision, context))}</ul>`;
}

function feedItem(decision: RedactedDecision, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const { id, atMs, outcome, cause, caller } = decision;
  const { bytes, money } = amountsOf(decision);
  const where =
    caller.dashboard === null ? '' : ` · ${phrases.columns.dashboard} ${format.name(caller.dashboard, 40)}`;
  return html`<li data-key="${id}"><a href="/decisions/${id}"><span class="row"><span>${badge(outcome, phrases.outcome[outcome])} <b><bdi>${format.name(caller.team, 40)}</bdi></b></span><time datetime="${new Date(atMs).toISOString()}">${format.moment(atMs)}</time></span>
<small><bdi>${format.name(callerText(decision, context), 60)}</bdi>${where}${cause === null ? '' : html` · <bdi>${format.name(cause, 60)}</bdi>`}</small>
<small>${bytes === null ? '' : format.bytes(bytes)}${money === null ? '' : ` · ${format.money(money)}`}</small></a></li>`;
}
