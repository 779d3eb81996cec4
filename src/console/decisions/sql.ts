import { html, type Markup, withCode } from '../../foundation/pages/html.ts';
import type { RedactedDecision } from '../../ops/redaction/redacted.ts';
import { antiPatternText } from '../../vocabulary/antipatterns/texts.ts';
import { holdsSql } from '../../vocabulary/reading.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { piecesOf } from './costly-spans.ts';

/** The query, with its costly parts marked in the text and explained below. */
export function sqlSection(decision: RedactedDecision, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).decision;
  if (!holdsSql(decision.reading)) {
    return html`<section class="card"><h2>${phrases.sql}</h2><p class="note">${phrases.noSql}</p></section>`;
  }
  const findings = decision.reading.antiPatterns.filter(({ onlyIf }) => onlyIf === null);
  return html`<section class="card"><h2>${phrases.sql}</h2>${sqlText(decision, context)}
<h3>${phrases.marks}</h3>
${findings.length === 0 ? html`<p class="note">${withoutFindings(decision, context)}</p>` : ''}
<ol>${findings.map(({ name, table, column }) => {
    const { title, why, instead } = antiPatternText(name, context.language);
    const about = [table, column].filter((part) => part !== null).join('.');
    return html`<li><b>${title}</b>${about === '' ? '' : html` <code>${about}</code>`}<small>${withCode(`${why} ${instead}`)}</small></li>`;
  })}</ol></section>`;
}

function withoutFindings({ reading }: RedactedDecision, context: PageContext): string {
  const phrases = phrasesIn(context.language).decision;
  if (reading.reader === 'none') return phrases.marksUnread;
  return reading.star ? phrases.starMark : phrases.noMarks;
}

function sqlText({ sql, sqlRetention, reading }: RedactedDecision, context: PageContext): Markup {
  const phrases = phrasesIn(context.language).decision;
  if (sql === null) return html`<p class="note">${phrases.sqlHidden}</p>`;
  if (sqlRetention === 'dropped' || sql === '') return html`<p class="note">${phrases.sqlDropped}</p>`;
  if (sqlRetention === 'hashed') return html`<p class="note">${phrases.sqlHashed}</p><pre>${sql}</pre>`;
  // Spans refer to the original text; masked text has other offsets.
  const findings =
    sqlRetention === 'stored' ? reading.antiPatterns.filter(({ onlyIf }) => onlyIf === null) : [];
  const pieces = piecesOf(sql, findings).map(({ text, marks, begins }) =>
    marks.length === 0
      ? html`${text}`
      : html`<mark>${begins.map((number) => html`<sup>${number}</sup>`)}${text}</mark>`,
  );
  return html`${sqlRetention === 'masked' ? html`<p class="note">${phrases.sqlMasked}</p>` : ''}<pre tabindex="0">${pieces}</pre>`;
}
