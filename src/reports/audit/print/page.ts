import { instantWithoutZone } from '../../../foundation/calendar/instant.ts';
import { formatCount, formatShare, shareOfSpend, shortName } from '../../../foundation/pages/formats.ts';
import { html, type Markup, trusted } from '../../../foundation/pages/html.ts';
import { style } from '../../../foundation/pages/style.ts';
import type { Language } from '../../../foundation/text/language.ts';
import { exportForms } from '../export-contents.ts';
import { type AuditReport, type BrokenRule, cardsById, type DashboardAudit } from '../report.ts';
import { type AmountFormat, formatCost, formatCostBytes, formatRate } from './amounts.ts';
import { cardCell, cardTable, ruleMode } from './card-cells.ts';
import { dashboardChart } from './chart.ts';
import { phrasesIn } from './phrases.ts';
import { unpriced } from './unpriced.ts';

const MAX_MESSAGES = 3;

const extraStyle = `
.tiles{gap:24px 26px}.tiles div{min-width:74px}.tiles .first b{font-size:36px}
.mark{display:inline-block;font-size:12px;line-height:1.5;padding:0 7px;border-radius:9px;margin:3px 4px 0 0;background:#e9edf1;color:#323f4b}
.deny{background:#fbe3d6;color:#8a3700}.warn{background:#fdf0cf;color:#7a5300}
details{margin-top:3px}summary{font-size:12px;color:#52606d;cursor:pointer}
td.text,th.text{text-align:left;white-space:normal;overflow-wrap:anywhere}
@media print{details{display:none}}
`;

/** The report as one HTML document that needs nothing else. */
export function auditPage(report: AuditReport, language: Language): string {
  const phrases = phrasesIn(language);
  const format = { currency: report.currency, locale: language };
  const at = instantWithoutZone(report.madeAtMs, 'UTC', language);
  const page = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${phrases.title}: ${shortName(report.source)}</title><style>${trusted(style + extraStyle)}</style></head><body><main>
<h1>${phrases.title} <span><bdi>${shortName(report.source)}</bdi></span></h1>
<p class="intro">${phrases.intro(report.team)}</p>
${tiles(report, format, language)}
${report.dashboards.length === 0 ? '' : dashboards(report, format, language)}
<h2>${phrases.rules}</h2>${rules(report, format, language)}
<h2>${phrases.legacyTables}</h2>${legacy(report, format, language)}
<h2>${phrases.duplicates}</h2>${duplicates(report, format, language)}
${withoutDashboard(report, format, language)}
${unpriced(report, language)}
<footer><h2>${phrases.assumptions}</h2>
<p>${phrases.asked(report.team, report.principal)}</p>
<p>${phrases.usage(formatRate(report.usage.daysPerMonth, language), formatRate(report.usage.hoursPerDay, language))}</p>
<p>${phrases.howOpened} ${phrases.howWorst}</p><p>${phrases.howCached} ${phrases.howTabs}</p>
<p>${phrases.read(exportForms[report.form], report.source, report.projectId)} ${phrases.made(`${at} UTC`)}</p>
</footer></main></body></html>
`;
  return page.markup;
}

function tiles(
  { total, team, legacyTables, duplicates: groups }: AuditReport,
  format: AmountFormat,
  language: Language,
): Markup {
  const phrases = phrasesIn(language);
  const month = formatCost({ micros: total.monthMicros }, format);
  const tile = (title: string, value: string, note: string) =>
    html`<div><small>${title}</small><b>${value}</b><small>${note}</small></div>`;
  return html`<div class="tiles"><div class="first"><small>${phrases.perMonth}</small><b>${month}</b><small>${formatCostBytes({ bytesBilled: total.monthBytes }, format)}</small></div>
${tile(phrases.dashboards, formatCount(total.dashboards, language), '')}
${tile(phrases.cards, formatCount(total.cards, language), phrases.pricedOf(formatCount(total.priced, language), formatCount(total.cards, language)))}
${tile(phrases.refused, formatCount(total.refusedCards, language), phrases.refusedNote(team))}
${tile(phrases.legacyTables, formatCount(legacyTables.length, language), '')}
${tile(phrases.duplicates, formatCount(groups.length, language), '')}</div>`;
}

function dashboards(report: AuditReport, format: AmountFormat, language: Language): Markup {
  const phrases = phrasesIn(language);
  const cards = cardsById(report);
  return html`<h2>${phrases.chartTitle}</h2>
<figure role="img" aria-label="${phrases.chartLabel}">${trusted(dashboardChart(report, language))}</figure>
<h2>${phrases.dashboards}</h2><div class="wide"><table><thead><tr><th>${phrases.dashboard}</th><th>${phrases.perMonth}</th><th>${phrases.share}</th><th>${phrases.viewsPerDay}</th><th>${phrases.perView}</th><th>${phrases.worst}</th></tr></thead>
<tbody>${report.dashboards.map(
    (
      each,
    ) => html`<tr><td><bdi>${shortName(each.name)}</bdi>${each.collection === null ? '' : html`<small><bdi>${shortName(each.collection)}</bdi></small>`}</td>
<td>${formatCost(each.perMonth, format)}<small>${formatCostBytes(each.perMonth, format)}</small></td><td>${formatShare(shareOf(each, report), language)}</td>
<td>${formatRate(each.rate.viewsPerDay, language)}<small>${phrases.source[each.rate.source]}</small></td>
<td>${formatCost(each.perView, format)}<small>${formatCostBytes(each.perView, format)}</small></td>
<td>${formatCost(each.worstPerView, format)}<small>${formatCostBytes(each.worstPerView, format)}</small></td></tr>`,
  )}</tbody></table></div>
<h2>${phrases.byCard}</h2>${report.dashboards.map(
    (each) =>
      html`<h3><bdi>${shortName(each.name)}</bdi></h3>${cardTable(
        each.cards.map((placed) => ({ ...placed, card: cards.get(placed.card) })),
        format,
        language,
      )}`,
  )}`;
}

function shareOf({ perMonth }: DashboardAudit, { total }: AuditReport): number {
  return shareOfSpend(
    { costMicros: perMonth.micros, bytesBilled: perMonth.bytesBilled },
    { costMicros: total.monthMicros, bytesBilled: total.monthBytes },
  );
}

function rules({ cards }: AuditReport, format: AmountFormat, language: Language): Markup {
  const phrases = phrasesIn(language);
  const broken = cards.flatMap((card) => card.rules.map((rule) => ({ rule, card })));
  if (broken.length === 0) return html`<p>${phrases.noRules}</p>`;
  const byRule = [...Map.groupBy(broken, ({ rule }) => rule.rule).values()];
  return html`<div class="wide"><table><thead><tr><th>${phrases.rule}</th><th class="text">${phrases.cards}</th><th>${phrases.perMonth}</th></tr></thead>
<tbody>${byRule.map((brokenRules) => {
    const micros = brokenRules.reduce((total, { card }) => total + card.perMonth.micros, 0n);
    const first = brokenRules[0]?.rule;
    return html`<tr><td>${first === undefined ? '' : html`${ruleMode(first.mode, phrases)} <b>${first.rule}</b><small>${first.source}</small>`}</td>
<td class="text">${brokenRules.map(({ card, rule }, i) => html`${i === 0 ? '' : ', '}<bdi>${shortName(card.name)}</bdi>${rule.settings.includes('opened') ? '' : ` (${rule.settings.map((one) => phrases.setting[one]).join(', ')})`}`)}${messagesOf(brokenRules.map(({ rule }) => rule)).map((message) => html`<small>${message}</small>`)}</td>
<td>${formatCost({ micros }, format)}</td></tr>`;
  })}</tbody></table></div>`;
}

/** A message may name what it found; a few of them show what the rule is about. */
function messagesOf(brokenRules: readonly BrokenRule[]): readonly string[] {
  return [...new Set(brokenRules.map(({ message }) => message))].slice(0, MAX_MESSAGES);
}

function legacy({ legacyTables, cards: all }: AuditReport, format: AmountFormat, language: Language): Markup {
  const phrases = phrasesIn(language);
  if (legacyTables.length === 0) return html`<p>${phrases.noLegacy}</p>`;
  const cards = cardsById({ cards: all });
  const nameOf = (id: string) => shortName(cards.get(id)?.name ?? id);
  return html`<p class="note">${phrases.legacyIntro}</p><div class="wide"><table><thead><tr><th>${phrases.table}</th><th class="text">${phrases.replacement}</th><th class="text">${phrases.cards}</th><th>${phrases.perMonth}</th></tr></thead>
<tbody>${legacyTables.map(
    (
      each,
    ) => html`<tr><td>${each.table}</td><td class="text">${each.replacement ?? phrases.noReplacement(each.owner)}</td>
<td class="text"><bdi>${each.cards.map(nameOf).join(', ')}</bdi><small><bdi>${each.dashboards.map((name) => shortName(name)).join(', ')}</bdi></small></td><td>${formatCost(each.perMonth, format)}</td></tr>`,
  )}</tbody></table></div>`;
}

function duplicates(
  { duplicates: groups, cards: all }: AuditReport,
  format: AmountFormat,
  language: Language,
): Markup {
  const phrases = phrasesIn(language);
  if (groups.length === 0) return html`<p>${phrases.noDuplicates}</p>`;
  const cards = cardsById({ cards: all });
  return html`<p class="note">${phrases.duplicatesIntro}</p><div class="wide"><table><thead><tr><th></th><th class="text">${phrases.cards}</th><th>${phrases.perMonth}</th></tr></thead>
<tbody>${groups.map(
    (
      group,
    ) => html`<tr><td>${phrases.same[group.same]}${group.measures === null ? '' : html`<code>${shortName(group.measures, 240)}</code>`}</td>
<td class="text">${group.cards.map((id) => {
      const card = cards.get(id);
      return html`<div><bdi>${shortName(card?.name ?? id)}</bdi><small><bdi>${(card?.dashboards ?? []).map((name) => shortName(name)).join(', ')}</bdi></small></div>`;
    })}</td><td>${formatCost(group.perMonth, format)}</td></tr>`,
  )}</tbody></table></div>`;
}

function withoutDashboard({ cards }: AuditReport, format: AmountFormat, language: Language): Markup | '' {
  const phrases = phrasesIn(language);
  const standalone = cards.filter(({ dashboards: names, state }) => names.length === 0 && state === 'priced');
  if (standalone.length === 0) return '';
  return html`<h2>${phrases.onNoDashboard}</h2><p class="note">${phrases.onNoDashboardNote}</p>
<div class="wide"><table><thead><tr><th>${phrases.card}</th><th>${phrases.perRun}</th><th>${phrases.worst}</th></tr></thead>
<tbody>${standalone.map((card) => html`<tr><td>${cardCell(card, language)}</td><td>${formatCost(card.perRun, format)}<small>${formatCostBytes(card.perRun, format)}</small></td><td>${formatCost(card.worst, format)}<small>${formatCostBytes(card.worst, format)}</small></td></tr>`)}</tbody></table></div>`;
}
