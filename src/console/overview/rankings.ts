import { html, type Markup } from '../../foundation/pages/html.ts';
import type { Redaction } from '../../ops/redaction/redact.ts';
import {
  type CurrencySection,
  type Ranked,
  type RankingKind,
  rankingKinds,
} from '../../reports/showback/month-report.ts';
import { formatterFor } from '../formats.ts';
import { bar } from '../marks.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { queryString } from '../query-string.ts';

const MOST = 5;
const MAX_SQL_LENGTH = 110;
const MAX_NAME_LENGTH = 60;
/** Metabase names an unsaved question by its hash, of 64 characters. */
const MAX_CARD_LENGTH = 32;

/** The most expensive of each kind, each linked to its decisions. */
export function rankings(section: CurrencySection, context: PageContext): readonly Markup[] {
  return rankingKinds
    .filter((kind) => section.rankings[kind].first.length > 0)
    .map((kind) => ranking(kind, section, context));
}

function ranking(
  kind: RankingKind,
  { currency, rankings: all, total }: CurrencySection,
  context: PageContext,
): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const title = phrases.overview.rankings[kind];
  const first = all[kind].first.slice(0, MOST);
  const byCost = total.costMicros > 0n;
  const size = ({ costMicros, bytesBilled }: Ranked) => (byCost ? costMicros : bytesBilled);
  const largest = first.reduce((most, row) => (size(row) > most ? size(row) : most), 1n);
  return html`<section class="card"><h3>${title}</h3>
<div class="wide"><table><caption class="${kind === 'table' ? 'note' : 'hidden'}">${kind === 'table' ? phrases.overview.rankingNote : title}</caption>
<thead><tr><th scope="col"><span class="hidden">${title}</span></th><th scope="col">${phrases.columns.queries}</th><th scope="col">${phrases.columns.cost}</th></tr></thead>
<tbody>${first.map(
    (row) =>
      html`<tr><td>${rankedName(kind, row, context)}${bar(Number((size(row) * 1000n) / largest) / 1000)}</td><td>${format.count(row.queries)}</td><td>${format.money({ currency, micros: row.costMicros })}<small>${format.bytes(row.bytesBilled)}</small></td></tr>`,
  )}</tbody></table></div></section>`;
}

function rankedName(kind: RankingKind, row: Ranked, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const { redaction } = context;
  const shown = shownName(kind, row, context);
  const word = phrases.overview.one[kind];
  const text = html`${/^\d+$/.test(shown) && word !== '' ? `${word} ` : ''}<bdi>${format.name(shown, kind === 'card' ? MAX_CARD_LENGTH : MAX_NAME_LENGTH)}</bdi>`;
  const href = linkTo(kind, row, redaction);
  const details = [row.detail === null ? null : redaction.text(row.detail), row.team]
    .filter((one) => one !== null)
    .map((one) => format.name(one, 60));
  const sql = row.sql === null ? null : redaction.sql(row.sql);
  return html`${href === null ? text : html`<a href="${href}">${text}</a>`}${details.length === 0 ? '' : html`<small><bdi>${details.join(' · ')}</bdi></small>`}${
    sql === null ? '' : html`<small><code>${format.name(sql, MAX_SQL_LENGTH)}</code></small>`
  }`;
}

function shownName(kind: RankingKind, { name, isAccount }: Ranked, { redaction }: PageContext): string {
  if (kind === 'person') return isAccount ? redaction.principal(name) : redaction.person(name);
  return redaction.text(name);
}

/** The decisions behind a row; null if it names a person and persons are not shown. */
function linkTo(
  kind: RankingKind,
  { name, isAccount, detail, team }: Ranked,
  redaction: Redaction,
): string | null {
  const isHidden = kind === 'person' ? !redaction.showsAll : redaction.hidesPersonIn(name);
  if (isHidden) return null;
  switch (kind) {
    case 'person':
      return `/decisions${queryString(isAccount ? { principal: name } : { person: name })}`;
    case 'dashboard':
    case 'card':
      // These names belong to a tool, which is the detail.
      return `/decisions${queryString({ [kind]: name, tool: detail, team })}`;
    default:
      return `/decisions${queryString({ [kind]: name })}`;
  }
}
