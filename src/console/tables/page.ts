import { html, type Markup, withCode } from '../../foundation/pages/html.ts';
import { type MissingProof, missingProofs } from '../../reports/sunset/missing-proof.ts';
import type { SunsetReport, TableUser, UserKind } from '../../reports/sunset/report.ts';
import type { Figures } from '../figures.ts';
import { formatterFor } from '../formats.ts';
import { badge } from '../marks.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { queryString } from '../query-string.ts';
import { rejectedEditNote } from '../rejected-edit.ts';
import type { ConsoleSources } from '../sources.ts';

/** A table that nobody has used for this many days can be retired. */
const DAYS = 30;
const MAX_USERS = 5;
const SHOWN_KINDS = [
  'team',
  'dashboard',
  'card',
  'person',
  'principal',
] as const satisfies readonly UserKind[];

const LOOKS = { 'can retire': 'good', 'cannot retire': 'bad', 'not proven': 'warn' } as const;

/** `/tables`: legacy tables on their way out, and who still reads them. */
export async function tablesPage(
  sources: Pick<ConsoleSources, 'policy' | 'rejectedPolicy'>,
  figures: Figures,
  context: PageContext,
): Promise<string> {
  const phrases = phrasesIn(context.language);
  const legacy = sources.policy().catalogEntries.filter(({ status }) => status === 'legacy');
  const reports = legacy.length === 0 ? null : await figures.sunset({ tables: legacy, days: DAYS });
  const isPartial = legacy.length > 0 && reports === null;
  const body = html`<h1>${phrases.tables.title}</h1><p class="lead">${phrases.tables.lead(String(DAYS))}</p>${rejectedEditNote(sources, context)}
${legacy.length === 0 ? html`<p>${withCode(phrases.tables.none)}</p>` : ''}${isPartial ? html`<p class="note">${phrases.summing}</p>` : ''}
${(reports?.value ?? []).map((report) => tableCard(report, context))}
${reports === null ? '' : html`<p class="note">${phrases.asOf(formatterFor(context).moment(reports.atMs))}</p>`}`;
  return pageOf({ section: 'tables', title: phrases.tables.title, body, isPartial }, context);
}

function tableCard(report: SunsetReport, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).tables;
  const format = formatterFor(context);
  const { table, entry, verdict, lastMs, recent, weeks } = report;
  const replacement =
    entry?.replacement == null
      ? phrases.noReplacement(entry?.owner == null ? null : context.redaction.text(entry.owner))
      : html`<a href="/decisions${queryString({ table: entry.replacement })}"><code>${entry.replacement}</code></a>`;
  return html`<section class="card"><h2><a href="/decisions${queryString({ table })}"><code>${table}</code></a> ${badge(LOOKS[verdict], phrases.verdict[verdict])}</h2>
<p>${reasonText(report, context)}</p>
<dl class="facts"><dt>${phrases.replacement}</dt><dd>${replacement}</dd><dt>${phrases.lastUse}</dt><dd>${lastMs === null ? phrases.never : format.instant(lastMs)}</dd>
<dt>${phrases.recent(String(DAYS))}</dt><dd>${phrases.uses(format.count(recent.read), format.count(recent.refused + recent.failed), format.count(recent.unguarded))}</dd></dl>
${trend(weeks, context)}${users(report, context)}</section>`;
}

/** The reasons for the verdict. */
function reasonText({ verdict, recent, days, nowMs, evidence }: SunsetReport, context: PageContext): string {
  const phrases = phrasesIn(context.language).tables;
  const format = formatterFor(context);
  if (verdict === 'cannot retire') {
    const uses = Object.values(recent).reduce((sum, count) => sum + count, 0);
    return uses === 1 ? phrases.usedOnce(String(days)) : phrases.used(format.count(uses), String(days));
  }
  if (verdict === 'can retire') return phrases.unused(String(days));
  const missing = missingProofs(evidence, { days, nowMs }).map((proof) => missingText(proof, context));
  return [phrases.notProven, ...missing].join(' ');
}

function missingText(proof: MissingProof, context: PageContext): string {
  const phrases = phrasesIn(context.language).tables.missing;
  const format = formatterFor(context);
  switch (proof.what) {
    case 'no records':
      return phrases[proof.what];
    case 'records since':
    case 'last record':
    case 'records of later':
      return phrases[proof.what](format.instant(proof.atMs));
    case 'reconciled until':
      return phrases[proof.what](proof.atMs === null ? null : format.instant(proof.atMs));
    case 'not entered':
    case 'unreadable':
      return phrases[proof.what](format.count(proof.jobs));
  }
}

/** Uses in each week, oldest first. */
function trend(weeks: readonly number[], { language }: PageContext): Markup {
  const phrases = phrasesIn(language).tables;
  const most = Math.max(1, ...weeks);
  const oldestFirst = weeks.toReversed();
  const width = 100 / oldestFirst.length;
  const columns = oldestFirst.map((uses, i) => {
    const height = (uses / most) * 40;
    return html`<rect x="${(i * width + width * 0.1).toFixed(2)}" y="${(44 - height).toFixed(2)}" width="${(width * 0.8).toFixed(2)}" height="${(height + 1).toFixed(2)}" fill="var(--c1)"/>`;
  });
  return html`<h3>${phrases.trend}</h3><figure><div role="img" aria-label="${phrases.trendLabel(oldestFirst.join(', '))}"><svg viewBox="0 0 100 46" preserveAspectRatio="none" class="trend" aria-hidden="true" focusable="false">${columns}</svg></div></figure>`;
}

function users({ table, users: byKind }: SunsetReport, context: PageContext): Markup | '' {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const rows = SHOWN_KINDS.flatMap((kind) =>
    byKind[kind].slice(0, MAX_USERS).map((user) => ({ kind, user })),
  );
  if (rows.length === 0) return '';
  return html`<h3>${phrases.tables.readers}</h3><div class="wide"><table><caption class="hidden">${phrases.tables.readers}</caption><thead><tr><th scope="col">${phrases.columns.who}</th><th scope="col">${phrases.tables.recent(String(DAYS))}</th><th scope="col">${phrases.tables.lastUse}</th></tr></thead><tbody>${rows.map(
    ({ kind, user }) =>
      html`<tr><td>${phrases.kinds[kind]} ${userMarkup(kind, user, table, context)}</td><td>${format.count(user.recentUses)}</td><td>${format.moment(user.lastMs)}</td></tr>`,
  )}</tbody></table></div>`;
}

function userMarkup(kind: UserKind, user: TableUser, table: string, context: PageContext): Markup {
  const name = html`<bdi>${userName(kind, user, context)}</bdi>`;
  const { showsAll, hidesPersonIn } = context.redaction;
  const isHidden = kind === 'person' || kind === 'principal' ? !showsAll : hidesPersonIn(user.name);
  if (isHidden) return name;
  return html`<a href="/decisions${queryString({ table, ...filterFor(kind, user) })}">${name}</a>`;
}

/** Persons, dashboards and cards are named with their tool: `metabase:5`. */
function filterFor(kind: UserKind, { name }: TableUser): Readonly<Record<string, string>> {
  if (kind === 'team' || kind === 'principal') return { [kind]: name };
  const colon = name.indexOf(':');
  return { tool: name.slice(0, colon), [kind]: name.slice(colon + 1) };
}

function userName(kind: UserKind, { name }: TableUser, { redaction }: PageContext): string {
  if (kind === 'person') return redaction.person(name);
  return kind === 'principal' ? redaction.principal(name) : redaction.text(name);
}
