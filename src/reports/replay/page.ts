import { formatCount, shortName } from '../../foundation/pages/formats.ts';
import { html, type Markup, trusted } from '../../foundation/pages/html.ts';
import { style } from '../../foundation/pages/style.ts';
import { formatBytes } from '../../vocabulary/bytes.ts';
import { changeKinds, outcomesNow, replayOutcomes } from './outcomes.ts';
import { type Dimension, dimensions, hitModes, type ReplayReport, type Row } from './report.ts';
import {
  AMOUNT_MEANINGS,
  DIMENSION_TITLES,
  formatAmounts,
  formatCost,
  formatUtc,
  methodNotes,
} from './words.ts';

const MAX_ROWS = 50;
const MAX_SQL_LENGTH = 240;

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
<p class="intro">What these policies would have made of ${formatCount(coverage.decisions, 'en')} decisions, ${formatUtc(fromMs)} to ${formatUtc(toMs)}.</p>
<div class="tiles"><div class="first"><small>Newly refused, once each day</small><b>${formatCost(refused.once)}</b><small>${formatBytes(refused.once.bytes)}; in all ${formatAmounts(refused.all)}</small></div>
${changeKinds.map((kind) => html`<div><small>${kind}</small><b>${formatCount(changes[kind].all.queries, 'en')}</b><small>${formatCount(changes[kind].persons, 'en')} persons</small></div>`)}</div>
<h2>What changes</h2>${changesTable(report)}
<h2>Then and now</h2>${outcomesTable(report)}
${report.hits.length === 0 ? '' : html`<h2>Hits of rules</h2>${hitsTable(report)}`}
${dimensions.filter((dimension) => report.rows[dimension].length > 0).map((dimension) => dimensionTable(report, dimension))}
<footer><h2>How this was counted</h2>${methodNotes(report).map((note) => html`<p>${note}</p>`)}</footer>
</main></body></html>
`;
  return page.markup;
}

function changesTable({ changes }: ReplayReport): Markup {
  const rows = changeKinds.map((kind) => {
    const { all, once, persons } = changes[kind];
    return html`<tr><td>${kind}<small>${AMOUNT_MEANINGS[kind]}</small></td><td>${formatCount(all.queries, 'en')}</td><td>${formatCount(persons, 'en')}</td><td>${formatAmounts(all)}</td><td>${formatCount(once.queries, 'en')}</td><td>${formatAmounts(once)}</td></tr>`;
  });
  return table(['', 'queries', 'persons', 'in all', 'once each day', ''], rows);
}

function outcomesTable({ outcomes: counts }: ReplayReport): Markup {
  const rows = replayOutcomes.map(
    (before) =>
      html`<tr><td>${before}</td>${outcomesNow.map((after) => html`<td>${formatCount(counts[before][after], 'en')}</td>`)}</tr>`,
  );
  return table(['then', ...outcomesNow.map((outcome) => `now ${outcome}`)], rows);
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
  const shown = rows[dimension].slice(0, MAX_ROWS);
  const more = rows[dimension].length - shown.length;
  return html`<h2>${DIMENSION_TITLES[dimension]}</h2>${table(['', ...changeKinds, 'refused: billed then'], shown.map(rowMarkup))}
${more > 0 ? html`<p class="note">${formatCount(more, 'en')} more are in the JSON.</p>` : ''}`;
}

function rowMarkup({ name, sql, changes }: Row): Markup {
  return html`<tr><td><bdi>${name === null ? '(none)' : shortName(name)}</bdi>${
    sql === null ? '' : html`<code><bdi>${shortName(sql, MAX_SQL_LENGTH)}</bdi></code>`
  }</td>${changeKinds.map((kind) => html`<td>${formatCount(changes[kind].queries, 'en')}</td>`)}<td>${formatAmounts(changes['newly refused'])}</td></tr>`;
}

function table(head: readonly string[], rows: readonly Markup[]): Markup {
  return html`<div class="wide"><table><thead><tr>${head.map((title) => html`<th>${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
