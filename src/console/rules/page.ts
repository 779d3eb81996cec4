import { html, type Markup } from '../../foundation/pages/html.ts';
import type { RuleInForce } from '../../policy/policy.ts';
import type { UnreadUse } from '../../records/uses/unread-uses.ts';
import { fileAndLine } from '../../vocabulary/policy.ts';
import type { Figures } from '../figures.ts';
import { formatterFor } from '../formats.ts';
import { badge, bar, tile } from '../marks.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { queryString } from '../query-string.ts';
import { rejectedEditNote } from '../rejected-edit.ts';
import type { ConsoleSources } from '../sources.ts';
import { subjectTexts } from '../subject.ts';
import { type RuleHits, ruleHitsOf } from './hits.ts';

/** `/rules`: what the rules hold for, and what they would refuse. */
export async function rulesPage(
  sources: Pick<ConsoleSources, 'policy' | 'rejectedPolicy'>,
  figures: Figures,
  context: PageContext,
): Promise<string> {
  const phrases = phrasesIn(context.language);
  const [uses, unread] = await Promise.all([figures.ruleUses(30), figures.unreadUses(30)]);
  const isPartial = uses === null || unread === null;
  const { rules } = sources.policy();
  const hits = uses === null ? null : ruleHitsOf(rules, uses.value, context.nowMs);
  const body = html`<h1>${phrases.rules.title}</h1><p class="lead">${phrases.rules.lead}</p>${rejectedEditNote(sources, context)}
${hits === null ? html`<p class="note">${phrases.summing}</p>` : hits.map((one) => ruleCard(one, context))}
${unreadCard(unread?.value ?? null, context)}
${uses === null ? '' : html`<p class="note">${phrases.asOf(formatterFor(context).moment(uses.atMs))}</p>`}`;
  return pageOf({ section: 'rules', title: phrases.rules.title, body, isPartial }, context);
}

function ruleCard({ rule, wouldRefuse, byMode }: RuleHits, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const { mode } = rule.life.schedule;
  return html`<section class="card"><h2><a href="/decisions${queryString({ rule: rule.name })}"><bdi>${rule.name}</bdi></a> ${mode === null ? badge('', phrases.rules.caps) : badge(mode, phrases.mode[mode])}</h2>
<p class="note"><code>${fileAndLine(rule.source)}</code>${lifeTexts(rule, context).map((text) => html` · ${text}`)}</p>
${
  mode === null
    ? ''
    : html`<div class="wide"><table><caption class="hidden">${rule.name}</caption><thead><tr><th scope="col"><span class="hidden">${phrases.rules.span}</span></th>${(['deny', 'warn', 'audit'] as const).map((one) => html`<th scope="col">${phrases.mode[one]}</th>`)}<th scope="col">${phrases.rules.exempt}</th></tr></thead>
<tbody>${modeRow(phrases.rules.days('7'), byMode.week, context)}${modeRow(phrases.rules.days('30'), byMode.month, context)}</tbody></table></div>
${wouldRefuse.month.queries === 0 ? '' : wouldRefuseTiles(wouldRefuse, context)}`
}
${exemptions(rule, context)}</section>`;
}

function modeRow(name: string, counts: RuleHits['byMode']['week'], context: PageContext): Markup {
  const format = formatterFor(context);
  const cells = (['deny', 'warn', 'audit', 'exempt'] as const).map(
    (one) => html`<td>${format.count(counts[one])}</td>`,
  );
  return html`<tr><td>${name}</td>${cells}</tr>`;
}

/** What would be refused in addition if the rule refused everything that it holds for. */
function wouldRefuseTiles({ week, month }: RuleHits['wouldRefuse'], context: PageContext): Markup {
  const phrases = phrasesIn(context.language).rules;
  const format = formatterFor(context);
  const { queries, people, bytesBilled, costs } = month;
  const money = [...costs].map(([currency, micros]) => format.money({ currency, micros })).join(', ');
  return html`<h3>${phrases.wouldRefuse}</h3><div class="tiles">
${tile(phrases.queries, format.count(queries), phrases.ofWeek(format.count(week.queries)))}
${tile(phrases.people, format.count(people))}${tile(phrases.bytes, format.bytes(bytesBilled))}${tile(phrases.money, money === '' ? '–' : money)}</div>`;
}

/** Which mode a rule has from when on, and for how many queries. */
function lifeTexts(
  { life, teams, maximumBytesBilled: cap }: RuleInForce,
  context: PageContext,
): readonly string[] {
  const phrases = phrasesIn(context.language).rules;
  const format = formatterFor(context);
  const { warnFrom, enforceFrom } = life.schedule;
  return [
    ...(teams === null ? [phrases.allTeams] : [phrases.teams([...teams].join(', '))]),
    ...(cap === null ? [] : [phrases.cap(format.bytes(cap))]),
    ...(warnFrom === null ? [] : [phrases.warnsFrom(format.day(warnFrom.date))]),
    ...(enforceFrom === null ? [] : [phrases.enforcedFrom(format.day(enforceFrom.date))]),
    ...(life.rollOut === null ? [] : [phrases.rolledOut(life.rollOut.written)]),
  ];
}

function exemptions({ exemptions: all }: RuleInForce, context: PageContext): Markup | '' {
  if (all.length === 0) return '';
  const phrases = phrasesIn(context.language);
  const { redaction, nowMs } = context;
  const format = formatterFor(context);
  return html`<h3>${phrases.rules.exemptions}</h3><ul>${all.map(
    ({ subject, owner, reason, until, endsAtMs }) => {
      const named = subjectTexts(redaction.exemptionSubject(subject), context.language);
      const date = format.day(until);
      const why = redaction.showsAll ? html`<small><bdi>${reason}</bdi></small>` : '';
      return html`<li><bdi>${named.join(', ')}</bdi> ${endsAtMs <= nowMs ? badge('bad', phrases.rules.expired(date)) : badge('warn', phrases.rules.until(date))} <small>${phrases.rules.owner(redaction.person(owner))}</small>${why}</li>`;
    },
  )}</ul>`;
}

function unreadCard(unread: readonly UnreadUse[] | null, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  return html`<section class="card"><h2>${phrases.rules.unread}</h2><p class="note">${phrases.rules.unreadNote}</p>${
    unread === null ? html`<p class="note">${phrases.summing}</p>` : unreadTable(unread, context)
  }</section>`;
}

function unreadTable(unread: readonly UnreadUse[], context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  if (unread.length === 0) return html`<p>${phrases.rules.noUnread}</p>`;
  const format = formatterFor(context);
  const most = Math.max(1, ...unread.map(({ queries }) => queries));
  return html`<div class="wide"><table><caption class="hidden">${phrases.rules.unread}</caption><thead><tr><th scope="col">${phrases.columns.team}</th><th scope="col">${phrases.columns.queries}</th><th scope="col">${phrases.columns.estimate}</th></tr></thead><tbody>${unread.map(
    ({ team, queries, bytesBilled }) =>
      html`<tr><td><bdi>${team}</bdi>${bar(queries / most)}</td><td>${format.count(queries)}</td><td>${format.bytes(bytesBilled)}</td></tr>`,
  )}</tbody></table></div>`;
}
