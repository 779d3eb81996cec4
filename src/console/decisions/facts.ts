import { html, type Markup } from '../../foundation/pages/html.ts';
import type { RedactedDecision } from '../../ops/redaction/redacted.ts';
import type { Caller } from '../../vocabulary/caller.ts';
import { tableName } from '../../vocabulary/table.ts';
import { formatterFor } from '../formats.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { queryString } from '../query-string.ts';

/** A name and its value; null if there is none, and so no line. */
type Fact = readonly [name: string, value: Markup | null];

/**
 * Who asked, from where, and what the query was and came to.
 * @param recorded who really asked, whatever is shown of it: a pseudonym finds nothing, so it is not linked
 */
export function factsSection(decision: RedactedDecision, recorded: Caller, context: PageContext): Markup {
  const facts = [
    ...callerFacts(decision, recorded, context),
    ...queryFacts(decision, context),
    ...outcomeFacts(decision, context),
  ];
  return html`<section class="card"><h2>${phrasesIn(context.language).decision.who}</h2><dl class="facts">${facts.map(
    ([name, value]) => (value === null ? '' : html`<dt>${name}</dt><dd>${value}</dd>`),
  )}</dl></section>`;
}

function callerFacts(
  { caller }: RedactedDecision,
  recorded: Caller,
  { language, redaction }: PageContext,
): readonly Fact[] {
  const phrases = phrasesIn(language).decision.facts;
  const person = (kind: 'person' | 'principal') =>
    redaction.showsAll ? linked(kind, caller[kind]) : plain(caller[kind]);
  const place = (kind: 'dashboard' | 'card') =>
    redaction.hidesPersonIn(recorded[kind] ?? '') ? plain(caller[kind]) : linked(kind, caller[kind]);
  return [
    [phrases.team, linked('team', caller.team)],
    [phrases.person, person('person')],
    [phrases.principal, person('principal')],
    [phrases.tool, linked('tool', caller.tool)],
    [phrases.dashboard, place('dashboard')],
    [phrases.card, place('card')],
  ];
}

function queryFacts(
  { projectId, reading, estimate }: RedactedDecision,
  { language }: PageContext,
): readonly Fact[] {
  const { facts, sameQuery } = phrasesIn(language).decision;
  const tables = estimate?.referencedTables ?? reading.tables.map(({ table }) => table);
  const { fingerprint } = reading;
  return [
    [facts.project, plain(projectId)],
    [
      facts.tables,
      tables.length === 0
        ? null
        : html`${tables.map((table) => html`<div>${linked('table', tableName(table)) ?? ''}</div>`)}`,
    ],
    [
      facts.fingerprint,
      fingerprint === ''
        ? null
        : html`<code>${fingerprint.slice(0, 16)}</code> <a href="/decisions${queryString({ fingerprint })}">${sameQuery}</a>`,
    ],
  ];
}

function outcomeFacts({ id, settlement }: RedactedDecision, context: PageContext): readonly Fact[] {
  const phrases = phrasesIn(context.language).decision.facts;
  const format = formatterFor(context);
  return [
    [phrases.job, settlement?.jobId ? html`<code>${settlement.jobId}</code>` : null],
    [phrases.slots, settlement?.slotMs ? html`${format.milliseconds(settlement.slotMs)}` : null],
    [
      phrases.free,
      settlement && settlement.freeBytes > 0n ? html`${format.bytes(settlement.freeBytes)}` : null,
    ],
    [phrases.error, plain(settlement?.errorReason ?? null)],
    [phrases.id, html`<code>${id}</code>`],
  ];
}

/** A name that leads to all decisions with it. */
function linked(kind: string, name: string | null): Markup | null {
  return name === null
    ? null
    : html`<a href="/decisions${queryString({ [kind]: name })}"><bdi>${name}</bdi></a>`;
}

function plain(text: string | null): Markup | null {
  return text === null ? null : html`<bdi>${text}</bdi>`;
}
