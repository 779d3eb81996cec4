import type { GrantRequest, GrantRequestPage, TooManyRequests } from '../../books/grants/grant-requests.ts';
import type { GrantPage } from '../../books/grants/grants.ts';
import { html, type Markup } from '../../foundation/pages/html.ts';
import { hasRole } from '../../ops/access/visitor.ts';
import type { GrantProblem } from '../../ops/parse-grant.ts';
import type { RedactedGrant, RedactedRequest } from '../../ops/redaction/redacted.ts';
import { type Budget, budgetOfAccount, formatAmount, perOf } from '../../vocabulary/budget.ts';
import { formatterFor } from '../formats.ts';
import { badge } from '../marks.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { rejectedEditNote } from '../rejected-edit.ts';
import type { ConsoleSources } from '../sources.ts';
import type { GrantFormFields, Note, PrefilledFields } from './form.ts';

/** The content of the grants page. */
export interface GrantsView extends Pick<ConsoleSources, 'rejectedPolicy'> {
  readonly budgets: readonly Budget[];
  readonly openRequests: GrantRequestPage;
  /** Those that were answered or expired lately. */
  readonly closedRequests: readonly GrantRequest[];
  readonly inForce: GrantPage;
  /** What was just done. */
  readonly note: Note | null;
  readonly prefilled: PrefilledFields;
  /** What is wrong with a form that was sent, and what it contained. */
  readonly rejected: {
    readonly problem: (GrantProblem | TooManyRequests)['problem'];
    readonly fields: GrantFormFields;
  } | null;
}

/** `/grants`: what is requested, what is granted and until when, with forms for both. */
export function grantsPage(view: GrantsView, context: PageContext): string {
  const phrases = phrasesIn(context.language).grants;
  const body = html`<h1>${phrases.title}</h1><p class="lead">${phrases.lead}</p>${rejectedEditNote(view, context)}
${view.note === null ? '' : html`<p class="message${view.note === 'gone' ? ' bad' : ''}" role="status">${phrases.notes[view.note]}</p>`}
<div class="split"><div>${openRequestsSection(view, context)}${grantsSection(view, context)}${answersSection(view, context)}</div>${grantForm(view, context)}</div>`;
  return pageOf({ section: 'grants', title: phrases.title, body }, context);
}

function openRequestsSection(
  { openRequests: { requests, more }, budgets }: GrantsView,
  context: PageContext,
): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const isOperator = hasRole(context.visitor, 'operator');
  const rows = requests.map((request) => {
    const { id, budget, account, unit, amount, reason, askedFor, askedBy, atMs, expiresAtMs } =
      context.redaction.grantRequest(request, perOf(request.budget, budgets));
    const contact = contactOf({ budget, account }, budgets);
    const by = askedBy === null ? '' : html` <small>${phrases.grants.askedBy(askedBy)}</small>`;
    return html`<tr><td><b><bdi>${budget}</bdi></b>${account === '' ? '' : html`<small><bdi>${account}</bdi></small>`}${contact === null ? '' : html`<small>${phrases.grants.urgent(contact)}</small>`}</td><td>${formatAmount(unit, amount, context.language)}</td>
<td class="text"><bdi>${askedFor}</bdi>${by}${reason === null ? '' : html`<small><bdi>${reason}</bdi></small>`}</td><td>${format.moment(expiresAtMs)}<small>${phrases.grants.askedAt(format.moment(atMs))}</small></td>
${isOperator ? html`<td class="whole-row"><div class="buttons">${action(`/grants/requests/${id}/grant`, phrases.grants.grant)}${action(`/grants/requests/${id}/decline`, phrases.grants.decline, 'quiet')}</div></td>` : ''}</tr>`;
  });
  return html`<section class="card"><h2>${phrases.grants.waiting}</h2>${
    rows.length === 0
      ? html`<p class="note">${phrases.grants.noneWaiting}</p>`
      : html`<div class="wide"><table class="stacked-rows"><caption class="hidden">${phrases.grants.waiting}</caption><thead>${head(context, isOperator)}</thead><tbody>${rows}</tbody></table></div>`
  }${more ? html`<p class="note">${phrases.grants.moreWait}</p>` : ''}${rows.length === 0 || isOperator ? '' : html`<p class="note">${phrases.grants.operatorsAnswer}</p>`}</section>`;
}

/** So that whoever asked learns what became of it. */
function answersSection({ closedRequests, budgets }: GrantsView, context: PageContext): Markup | '' {
  if (closedRequests.length === 0) return '';
  const phrases = phrasesIn(context.language).grants;
  const rows = closedRequests.map((request) =>
    closedRow(context.redaction.grantRequest(request, perOf(request.budget, budgets)), context),
  );
  return html`<section class="card"><h2>${phrases.answers}</h2><div class="wide"><table class="stacked-rows"><caption class="hidden">${phrases.answers}</caption><thead>${head(context, false)}</thead><tbody>${rows}</tbody></table></div></section>`;
}

function closedRow(
  { budget, account, unit, amount, askedFor, atMs, expiresAtMs, answer }: RedactedRequest,
  context: PageContext,
): Markup {
  const phrases = phrasesIn(context.language).grants;
  const format = formatterFor(context);
  return html`<tr><td><b><bdi>${budget}</bdi></b>${account === '' ? '' : html`<small><bdi>${account}</bdi></small>`} ${answerBadge(answer, context)}</td><td>${formatAmount(unit, amount, context.language)}</td>
<td class="text"><bdi>${askedFor}</bdi></td><td>${format.moment(expiresAtMs)}<small>${phrases.askedAt(format.moment(atMs))}</small></td></tr>`;
}

function answerBadge(answer: RedactedRequest['answer'], { language }: PageContext): Markup {
  const phrases = phrasesIn(language).grants;
  if (answer === null) return badge('warn', phrases.unanswered);
  return answer.grantId === null
    ? badge('bad', phrases.declined(answer.by))
    : badge('good', phrases.granted(answer.by));
}

function grantsSection({ inForce: { grants, more }, budgets }: GrantsView, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const isOperator = hasRole(context.visitor, 'operator');
  const rows = grants.map((grant) => {
    const shown = context.redaction.grant(grant, perOf(grant.budget, budgets));
    return grantRow(shown, isOperator, context);
  });
  return html`<section class="card"><h2>${phrases.grants.given}</h2>${
    rows.length === 0
      ? html`<p class="note">${phrases.grants.noneGiven}</p>`
      : html`<div class="wide"><table class="stacked-rows"><caption class="hidden">${phrases.grants.given}</caption><thead>${head(context, isOperator)}</thead><tbody>${rows}</tbody></table></div>`
  }${more ? html`<p class="note">${phrases.grants.moreGiven}</p>` : ''}</section>`;
}

function grantRow(grant: RedactedGrant, isOperator: boolean, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).grants;
  const format = formatterFor(context);
  const { id, budget, account, unit, amount, reason, grantedTo, grantedBy, expiresAtMs, revoked } = grant;
  const state =
    revoked === null ? badge('good', phrases.inForce) : badge('warn', phrases.revokedBy(revoked.by));
  return html`<tr><td><b><bdi>${budget}</bdi></b>${account === '' ? '' : html`<small><bdi>${account}</bdi></small>`} ${state}</td><td>${formatAmount(unit, amount, context.language)}</td>
<td class="text"><bdi>${grantedTo}</bdi> <small>${phrases.givenBy(grantedBy)}</small>${reason === null ? '' : html`<small><bdi>${reason}</bdi></small>`}</td><td>${format.moment(expiresAtMs)}</td>
${isOperator ? html`<td>${revoked === null ? action(`/grants/${id}/revoke`, phrases.revoke, 'quiet') : ''}</td>` : ''}</tr>`;
}

/** Whom to ask about an account of the budget of this name; null if the policy does not say. */
function contactOf(
  { budget: name, account }: { readonly budget: string; readonly account: string },
  budgets: readonly Budget[],
): string | null {
  const budget = budgets.find((one) => one.name === name);
  return budget === undefined ? null : budgetOfAccount(budget, account).contact;
}

function head({ language }: PageContext, isOperator: boolean): Markup {
  const phrases = phrasesIn(language);
  return html`<tr><th scope="col">${phrases.columns.budget}</th><th scope="col">${phrases.grants.amount}</th><th scope="col" class="text">${phrases.grants.forWhom}</th><th scope="col">${phrases.grants.until}</th>${
    isOperator ? html`<th scope="col"><span class="hidden">${phrases.grants.action}</span></th>` : ''
  }</tr>`;
}

function action(path: string, name: string, look: 'plain' | 'quiet' = 'plain'): Markup {
  return html`<form method="post" action="${path}"><button${look === 'quiet' ? html` class="quiet"` : ''}>${name}</button></form>`;
}

function grantForm({ budgets, prefilled, rejected }: GrantsView, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).grants;
  const { columns } = phrasesIn(context.language);
  const isOperator = hasRole(context.visitor, 'operator');
  const fields: Partial<GrantFormFields> = rejected?.fields ?? prefilled;
  const { budget = '', account = '' } = fields;
  const contact = contactOf({ budget, account }, budgets);
  const note = isOperator ? phrases.giveNote : phrases.askNote;
  return html`<section class="card"><h2>${isOperator ? phrases.give : phrases.ask}</h2><p class="note">${isOperator || contact === null ? note : `${note} ${phrases.urgentForm(budget, contact)}`}</p>
${rejected === null ? '' : html`<p class="message bad" role="alert">${phrases.problems[rejected.problem]}</p>`}
<form class="stacked" method="post" action="${isOperator ? '/grants' : '/grants/requests'}">
<label>${columns.budget}<select name="budget" required>${budgets.map(
    ({ name }) => html`<option${name === fields.budget ? html` selected` : ''}>${name}</option>`,
  )}</select></label>
<label>${phrases.amountField}<input name="amount" required maxlength="60" value="${fields.amount ?? ''}"></label>
<label>${phrases.forWhom}<input name="to" required maxlength="200" value="${fields.to ?? context.visitor.name ?? ''}"></label>
<label>${phrases.reason}<input name="reason" required maxlength="500" value="${fields.reason ?? ''}"></label>
<label>${phrases.hours}<input name="hours" type="number" min="1" max="2208" required value="${fields.hours ?? '24'}"></label>
<label>${phrases.account}<input name="account" maxlength="200" value="${account}"></label>
<button>${isOperator ? phrases.give : phrases.send}</button></form></section>`;
}
