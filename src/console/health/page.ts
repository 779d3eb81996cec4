import { html, type Markup } from '../../foundation/pages/html.ts';
import { errorMessage } from '../../foundation/text/error-message.ts';
import type { Problem } from '../../ops/readiness.ts';
import { formatterFor } from '../formats.ts';
import { badge } from '../marks.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import type { DryRuns, Health, NamedCount } from './gather.ts';

/** `/health`: whether everything that the guard depends on is well. */
export function healthPage(health: Health, context: PageContext): string {
  const phrases = phrasesIn(context.language).health;
  const body = html`<h1>${phrases.title}</h1><p class="lead">${phrases.lead}</p>
<div id="health" data-refresh="true">${queries(health, context)}<div class="grid">${ledger(health, context)}${policy(health, context)}${books(health, context)}${readers(health, context)}${upstream(health, context)}${replicas(health, context)}</div></div>`;
  return pageOf({ section: 'health', title: phrases.title, body }, context);
}

type Fact = readonly [name: string, value: string | Markup];

function card(title: string, facts: readonly Fact[], more: Markup | '' = ''): Markup {
  return html`<section class="card"><h2>${title}</h2><dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${more}</section>`;
}

/** What happens to queries while something is wrong. */
function queries({ problems: { isReady, ledger } }: Health, { language }: PageContext): Markup | '' {
  const phrases = phrasesIn(language).health;
  if (!isReady) return html`<p class="message bad" role="alert">${phrases.refused}</p>`;
  return ledger === null ? '' : html`<p class="message bad" role="alert">${phrases.cappedOnly}</p>`;
}

function state(problem: Problem | null, { language }: PageContext): Markup {
  const phrases = phrasesIn(language).health;
  return problem === null ? badge('good', phrases.ok) : badge('bad', phrases.fails[problem.what]);
}

/** The location of a database or a program, and system error messages, are not for everybody. */
function why(problem: Problem | null, { redaction }: PageContext): Markup | '' {
  return problem === null || !redaction.showsAll
    ? ''
    : html`<p class="note" lang="en">${errorMessage(problem.why)}</p>`;
}

function readers({ problems: { reader } }: Health, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).health;
  return card(phrases.readers, [[phrases.state, state(reader, context)]], why(reader, context));
}

function ledger({ problems, unread, spooled, ledgerErrors }: Health, context: PageContext): Markup {
  const problem = problems.ledger ?? unread;
  const phrases = phrasesIn(context.language).health;
  const format = formatterFor(context);
  return card(
    phrases.ledger,
    [
      [phrases.state, state(problem, context)],
      [phrases.spooled, spooled === 0 ? format.count(0) : badge('warn', format.count(spooled))],
      [phrases.errors, countedText(ledgerErrors, context)],
    ],
    why(problem, context),
  );
}

function policy({ policyVersion, rejectedEdit }: Health, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).health;
  const errors =
    rejectedEdit === null
      ? ''
      : html`<ul>${rejectedEdit.map((error) => html`<li><code lang="en">${context.redaction.policyError(error)}</code></li>`)}</ul>`;
  return card(
    phrases.policy,
    [
      [phrases.version, html`<code>${policyVersion}</code>`],
      [phrases.edit, rejectedEdit === null ? badge('good', phrases.inForce) : badge('bad', phrases.rejected)],
    ],
    errors,
  );
}

function books({ reconciliation, head }: Health, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).health;
  const format = formatterFor(context);
  const latest = reconciliation;
  return card(phrases.books, [
    [
      phrases.reconciled,
      latest === null
        ? html`${badge('warn', phrases.never)}<br><code>guardrail reconcile</code>`
        : html`${latest.balanced ? badge('good', phrases.balanced) : badge('bad', phrases.notBalanced)} ${format.instant(latest.atMs)}`,
    ],
    ...(latest === null
      ? []
      : [
          [phrases.difference, format.bytes(absolute(latest.warehouseBytes - latest.ledgerBytes))] as const,
          [
            phrases.unguarded,
            `${format.count(latest.unguardedJobs)} · ${format.bytes(latest.unguardedBytes)}`,
          ] as const,
        ]),
    [
      phrases.chain,
      head === null ? phrases.nothingSealed : html`<code>${head.seal}:${head.hash.slice(0, 16)}…</code>`,
    ],
    ...(head === null ? [] : [[phrases.sealedAt, format.instant(head.atMs)] as const]),
  ]);
}

function upstream({ upstreamErrors, dryRuns }: Health, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).health;
  return card(phrases.warehouse, [
    [phrases.errors, countedText(upstreamErrors, context)],
    [phrases.dryRuns, dryRunText(dryRuns, context)],
  ]);
}

function dryRunText({ count, halfWithinSeconds, mostWithinSeconds }: DryRuns, context: PageContext): string {
  const phrases = phrasesIn(context.language).health;
  const format = formatterFor(context);
  if (count === 0) return format.count(0);
  const within = (seconds: number | null) =>
    seconds === null || !Number.isFinite(seconds) ? '> 5 s' : format.milliseconds(seconds * 1000);
  return phrases.took(format.count(count), within(halfWithinSeconds), within(mostWithinSeconds));
}

function replicas({ replicas: livingReplicas, thisReplica }: Health, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).health;
  const format = formatterFor(context);
  return card(
    phrases.replicas,
    livingReplicas.map(({ id, startedAtMs }) => [
      `${id.slice(0, 8)}${id === thisReplica ? ` (${phrases.thisOne})` : ''}`,
      phrases.since(format.moment(startedAtMs)),
    ]),
  );
}

function countedText(counted: readonly NamedCount[], context: PageContext): string | Markup {
  const format = formatterFor(context);
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return format.count(0);
  return html`${badge('warn', format.count(total))} ${counted.map(({ name, count }) => `${name} ${format.count(count)}`).join(', ')}`;
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
