import { formatChange, formatShare, shareOfSpend } from '../../foundation/pages/formats.ts';
import { html, type Markup, trusted } from '../../foundation/pages/html.ts';
import { currencyTotals } from '../../reports/savings/saving.ts';
import { savingsSection } from '../../reports/savings/section.ts';
import type { CurrencySection, MonthReport, TeamSpend } from '../../reports/showback/month-report.ts';
import { type Converted, inOtherCurrencies } from '../../reports/showback/other-currencies.ts';
import type { Money } from '../../vocabulary/money.ts';
import { budgetCards } from '../budgets/card.ts';
import { type ColumnDrawing, colourOf } from '../charts/columns.ts';
import { feedList } from '../decisions/feed.ts';
import type { Charts } from '../figures.ts';
import { formatterFor } from '../formats.ts';
import { bar, tile } from '../marks.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { queryString } from '../query-string.ts';
import type { SpendOfTeam } from '../questions.ts';
import type { Overview } from './gather.ts';
import { rankings } from './rankings.ts';

const NOT_YET_KNOWN = '–';

/**
 * The first page: spend against budgets, where the money goes, what is being decided now.
 * @throws LedgerError if nothing can be drawn
 */
export async function overviewPage(
  overview: Overview,
  charts: Charts,
  context: PageContext,
): Promise<string> {
  const phrases = phrasesIn(context.language);
  const section = overview.month?.value.sections[0] ?? null;
  const course = { balances: overview.balances, hours: overview.hours?.value ?? null };
  const { cards, areDrawn } = await budgetCards(course, charts, 'budget', context);
  const month =
    section === null || overview.month === null ? null : { report: overview.month.value, section };
  const converted = inOtherCurrencies(section?.teams ?? [], section?.currency ?? '', overview.exchangeOn);
  const columns = month === null ? null : await charts.columns(columnsOf(month, context));
  const body = html`<h1>${phrases.overview.title}</h1>
<p class="lead">${phrases.overview.lead(monthName(context))}</p>
<div id="figures" data-refresh="true">${tiles(overview, section, converted.total, context)}</div>
<div class="split"><div>
${teams(overview, section, converted, context)}
<h2>${phrases.overview.budgets}</h2><div class="grid">${cards}</div>
<p><a href="/budgets">${phrases.overview.allBudgets}</a></p>
</div>
${feed(overview, context)}</div>
${overview.savings === null ? '' : html`<div class="card">${savingsSection(overview.savings.value, context.language, overview.savedToo)}</div>`}
${month === null ? '' : rankingsSection(month, columns, context)}`;
  return pageOf(
    {
      section: 'overview',
      title: phrases.overview.title,
      body,
      isPartial:
        [overview.month, overview.today, overview.hours, overview.savings].includes(null) ||
        !areDrawn ||
        (month !== null && columns === null),
    },
    context,
  );
}

function monthName({ language, nowMs, timeZone }: PageContext): string {
  return new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone }).format(nowMs);
}

/** @param converted what the month cost in other currencies */
function tiles(
  overview: Overview,
  section: CurrencySection | null,
  converted: readonly Money[],
  context: PageContext,
): Markup {
  const { month, today, savings, savedToo } = overview;
  const phrases = phrasesIn(context.language).overview;
  const format = formatterFor(context);
  const currency = section?.currency ?? today?.value[0]?.currency ?? 'USD';
  const money = (amount: bigint) => format.money({ currency, micros: amount });
  if (month === null) {
    return html`<div class="tiles">${todayTile(overview, currency, context)}</div><p class="note">${phrasesIn(context.language).summing}</p>`;
  }
  const total = section?.total;
  return html`<div class="tiles">
${todayTile(overview, currency, context)}
${tile(phrases.month, money(total?.costMicros ?? 0n), [...converted.map(format.money), changeText(section, context)].join(' · '))}
${tile(phrases.bytes, format.bytes(total?.bytesBilled ?? 0n), phrases.cached(section?.cached.queries ?? 0))}
${savedTile({ savings, savedToo }, currency, context)}
</div>${alsoSpent(month.value, context)}<p class="note">${phrases.sumsAsOf(format.moment(month.atMs))}</p>`;
}

/** The page shows the currency of most queries; after a change of currency, there is spend in another one too. */
function alsoSpent({ sections }: MonthReport, context: PageContext): Markup | '' {
  const format = formatterFor(context);
  const others = sections
    .slice(1)
    .map(({ currency, total }) => format.money({ currency, micros: total.costMicros }));
  if (others.length === 0) return '';
  return html`<p class="note">${phrasesIn(context.language).overview.alsoSpent(others.join(', '))}</p>`;
}

/** What has not been summed up yet is not zero. */
function todayTile({ today, date, exchangeOn }: Overview, currency: string, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).overview;
  if (today === null) return tile(phrases.today, NOT_YET_KNOWN);
  const { money } = formatterFor(context);
  const { micros, queries } = todayIn(currency, today.value);
  const days = new Map([[date, { costMicros: micros }]]);
  const { total } = inOtherCurrencies([{ name: null, days }], currency, exchangeOn);
  return tile(
    phrases.today,
    money({ currency, micros }),
    [...total.map(money), phrases.queriesToday(queries)].join(' · '),
  );
}

function todayIn(currency: string, teams: readonly SpendOfTeam[]) {
  const ofCurrency = teams.filter((row) => row.currency === currency);
  return {
    micros: ofCurrency.reduce((sum, { costMicros }) => sum + costMicros, 0n),
    queries: ofCurrency.reduce((sum, row) => sum + row.queries, 0),
  };
}

/** The total of the savings table, to which the tile links. */
function savedTile(
  { savings, savedToo }: Pick<Overview, 'savings' | 'savedToo'>,
  currency: string,
  context: PageContext,
): Markup {
  const phrases = phrasesIn(context.language).overview;
  const format = formatterFor(context);
  if (savings === null) return tile(phrases.saved, NOT_YET_KNOWN);
  const total = currencyTotals(savings.value.rows).find((row) => row.currency === currency);
  const others = currencyTotals(savedToo?.rows ?? []).map((row) => ({
    currency: row.currency,
    micros: row.savedCostMicros,
  }));
  return tile(
    phrases.saved,
    format.money({ currency, micros: total?.savedCostMicros ?? 0n }),
    html`${others.map((money) => `${format.money(money)} · `)}<a href="#savings">${phrases.savedNote(total?.needs ?? 0)}</a>`,
  );
}

function changeText(section: CurrencySection | null, { language }: PageContext): string {
  const phrases = phrasesIn(language).overview;
  const before = section?.beforeMicros ?? null;
  if (section === null || before === null || before === 0n) return phrases.nothingBefore;
  return phrases.before(formatChange(Number(section.total.costMicros - before) / Number(before), language));
}

/**
 * Before the sums are there, that is not nothing.
 * @param converted what the month cost in other currencies
 */
function teams(
  { month, today }: Overview,
  section: CurrencySection | null,
  converted: Converted,
  context: PageContext,
): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  if (section === null)
    return html`<section class="card"><h2>${phrases.overview.teams}</h2><p class="note">${month === null ? phrases.summing : phrases.overview.nothing}</p></section>`;
  const { currency, total } = section;
  const small = (amounts: readonly Money[]) =>
    amounts.map((one) => html`<small>${format.money(one)}</small>`);
  const spentToday = (isCounted: (row: SpendOfTeam) => boolean) =>
    today === null
      ? NOT_YET_KNOWN
      : format.money({ currency, micros: todayIn(currency, today.value.filter(isCounted)).micros });
  return html`<section class="card"><h2>${phrases.overview.teams}</h2><div class="wide"><table><caption class="hidden">${phrases.overview.teamsCaption}</caption>
<thead><tr><th scope="col">${phrases.columns.team}</th><th scope="col">${phrases.columns.today}</th><th scope="col">${phrases.columns.month}</th><th scope="col">${phrases.columns.share}</th><th scope="col">${phrases.columns.queries}</th><th scope="col">${phrases.columns.bytes}</th></tr></thead>
<tbody>${section.teams.map((team, place) => {
    const part = shareOfSpend(team, total);
    return html`<tr><td><span class="swatch s${colourOf(place)}"></span>${teamName(team, context)}</td><td>${spentToday((row) => row.team === team.name)}</td><td>${format.money({ currency, micros: team.costMicros })}${small(converted.ofTeams[place] ?? [])}</td><td class="share">${bar(part)}<span>${formatShare(part, context.language)}</span></td><td>${format.count(team.queries)}</td><td>${format.bytes(team.bytesBilled)}</td></tr>`;
  })}<tr class="total"><td>${phrases.total}</td><td>${spentToday(() => true)}</td><td>${format.money({ currency, micros: total.costMicros })}${small(converted.total)}</td><td></td><td>${format.count(total.queries)}</td><td>${format.bytes(total.bytesBilled)}</td></tr></tbody></table></div></section>`;
}

function teamName({ name }: TeamSpend, { language }: PageContext): Markup {
  if (name === null) return html`${phrasesIn(language).overview.noTeam}`;
  return html`<a href="/decisions${queryString({ team: name })}"><bdi>${name}</bdi></a>`;
}

function feed({ latest }: Overview, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).overview;
  const redacted = latest.map(context.redaction.decision);
  return html`<section class="card" aria-labelledby="feed-title"><h2 id="feed-title">${phrases.feed} <span class="live" id="feed-state" data-on="${phrases.live}" data-off="${phrases.notLive}"></span></h2>
<div id="feed" data-source="/feed" data-stream="/api/v1/decisions/stream">${feedList(redacted, context)}</div>
<p><a href="/decisions">${phrases.allDecisions}</a></p></section>`;
}

interface SectionOfMonth {
  readonly report: MonthReport;
  readonly section: CurrencySection;
}

function rankingsSection(month: SectionOfMonth, columns: string | null, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).overview;
  return html`<section class="card"><h2>${phrases.days}</h2>${days(month, columns, context)}</section>
<h2>${phrases.mostExpensive}</h2><p class="note">${phrases.mostExpensiveNote}</p><div class="grid">${rankings(month.section, context)}</div>`;
}

/** Days are compared by cost, or by bytes if nothing cost anything. */
function isByCost({ total }: CurrencySection): boolean {
  return total.costMicros > 0n;
}

function columnsOf({ report, section }: SectionOfMonth, { language }: PageContext): ColumnDrawing {
  const [unit, size] = isByCost(section)
    ? ([section.currency, 'costMicros'] as const)
    : (['bytes', 'bytesBilled'] as const);
  return {
    id: 'days',
    language,
    names: report.days.map((day) => String(Number(day.slice(-2)))),
    unit,
    parts: section.teams.map((team) => report.days.map((day) => team.days.get(day)?.[size] ?? 0n)),
  };
}

/** @param columns the days as a chart; null if it is not drawn yet */
function days({ report, section }: SectionOfMonth, columns: string | null, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const { teams: all, currency } = section;
  const byCost = isByCost(section);
  const column = byCost ? phrases.columns.cost : phrases.columns.bytes;
  const size = byCost ? 'costMicros' : 'bytesBilled';
  const formatSize = (amount: bigint) =>
    byCost ? format.money({ currency, micros: amount }) : format.bytes(amount);
  const spendOf = (team: TeamSpend, day: string) => team.days.get(day)?.[size] ?? 0n;
  const spentOn = (day: string) => all.reduce((sum, team) => sum + spendOf(team, day), 0n);
  const chart =
    columns === null
      ? ''
      : html`<figure><div role="img" aria-label="${phrases.overview.daysLabel}">${trusted(columns)}</div>
<figcaption>${all.map((team, place) => html`<span><span class="swatch s${colourOf(place)}"></span><bdi>${team.name ?? phrases.overview.noTeam}</bdi> </span>`)}</figcaption></figure>`;
  return html`${chart}
<details><summary>${phrases.figures}</summary><div class="wide"><table><caption class="hidden">${phrases.overview.days}</caption><thead><tr><th scope="col">${phrases.columns.day}</th><th scope="col">${column}</th></tr></thead><tbody>
${report.days.filter((day) => spentOn(day) > 0n).map((day) => html`<tr><td>${format.day(day)}</td><td>${formatSize(spentOn(day))}</td></tr>`)}</tbody></table></div></details>`;
}
