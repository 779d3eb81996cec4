import { count, shortName } from '../pages/formats.ts';
import { html, type Markup, trusted } from '../pages/html.ts';
import { style } from '../pages/style.ts';
import { formatBytes } from '../vocabulary/bytes.ts';
import { changeKinds, fates } from './fates.ts';
import { type Dimension, dimensions, hitModes, type ReplayReport, type Row } from './report.ts';
import { AMOUNT_OF, amounts, DIMENSION_TITLES, date, method, money } from './words.ts';

const MOST_ROWS = 50;
const LONGEST_SQL = 240;

/** The report as one HTML document that needs nothing else. */
export function replayPage(report: ReplayReport): string {
  const { fromMs, toMs, candidate, coverage, changes } = report;
  const refused = changes['newly refused'];
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Replay of policy ${candidate}</title><style>${trusted(style)}</style></head><body><main>
<h1>Replay <span>policy ${candidate}</span></h1>
<p class="intro">What these policies would have made of ${count(coverage.decisions, 'en')} decisions, ${date(fromMs)} to ${date(toMs)}.</p>
<div class="tiles"><div class="first"><small>Newly refused, once each day</small><b>${money(refused.once)}</b><small>${formatBytes(refused.once.bytes)}; in all ${amounts(refused.all)}</small></div>
${changeKinds.map((kind) => html`<div><small>${kind}</small><b>${count(changes[kind].all.queries, 'en')}</b><small>${count(changes[kind].persons, 'en')} persons</small></div>`)}</div>
<h2>What changes</h2>${changesTable(report)}
<h2>Then and now</h2>${fatesTable(report)}
${report.hits.length === 0 ? '' : html`<h2>Hits of rules</h2>${hitsTable(report)}`}
${dimensions.filter((dimension) => report.rows[dimension].length > 0).map((dimension) => dimensionTable(report, dimension))}
<footer><h2>How this was counted</h2>${method(report).map((note) => html`<p>${note}</p>`)}</footer>
</main></body></html>
`;
  return page.markup;
}

function changesTable({ changes }: ReplayReport): Markup {
  const rows = changeKinds.map((kind) => {
    const { all, once, persons } = changes[kind];
    return html`<tr><td>${kind}<small>${AMOUNT_OF[kind]}</small></td><td>${count(all.queries, 'en')}</td><td>${count(persons, 'en')}</td><td>${amounts(all)}</td><td>${count(once.queries, 'en')}</td><td>${amounts(once)}</td></tr>`;
  });
  return table(['', 'queries', 'persons', 'in all', 'once each day', ''], rows);
}

function fatesTable({ fates: counts }: ReplayReport): Markup {
  const rows = fates.map(
    (before) =>
      html`<tr><td>${before}</td>${fates.map((after) => html`<td>${count(counts[before][after], 'en')}</td>`)}</tr>`,
  );
  return table(['then', ...fates.map((fate) => `now ${fate}`)], rows);
}

function hitsTable({ hits }: ReplayReport): Markup {
  const rows = hits.map(
    ({ rule, before, after }) =>
      html`<tr><td>${rule}</td>${hitModes.map(
        (mode) =>
          html`<td>${before[mode] === after[mode] ? after[mode] : `${before[mode]} → ${after[mode]}`}</td>`,
      )}</tr>`,
  );
  return table(['', ...hitModes], rows);
}

function dimensionTable({ rows }: ReplayReport, dimension: Dimension): Markup {
  const shown = rows[dimension].slice(0, MOST_ROWS);
  const more = rows[dimension].length - shown.length;
  return html`<h2>${DIMENSION_TITLES[dimension]}</h2>${table(['', ...changeKinds, 'refused: billed then'], shown.map(rowMarkup))}
${more > 0 ? html`<p class="note">${count(more, 'en')} more are in the JSON.</p>` : ''}`;
}

function rowMarkup({ name, sql, changes }: Row): Markup {
  return html`<tr><td><bdi>${name === null ? '(none)' : shortName(name)}</bdi>${
    sql === null ? '' : html`<code><bdi>${shortName(sql, LONGEST_SQL)}</bdi></code>`
  }</td>${changeKinds.map((kind) => html`<td>${count(changes[kind].queries, 'en')}</td>`)}<td>${amounts(changes['newly refused'])}</td></tr>`;
}

function table(head: readonly string[], rows: readonly Markup[]): Markup {
  return html`<div class="wide"><table><thead><tr>${head.map((title) => html`<th>${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
