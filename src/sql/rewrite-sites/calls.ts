import type { ClockSite, ExactCountSite } from '../../vocabulary/rewrite-sites.ts';
import type { SourceText, SourceToken } from '../source/source-text.ts';

/** Each `COUNT(DISTINCT …)` that is not a window function: those have no approximate form. */
export function exactCountsIn({ tokens, closing }: SourceText, sql: string): readonly ExactCountSite[] {
  return tokens.flatMap((name, index) => {
    const [bracket, distinct] = [tokens[index + 1], tokens[index + 2]];
    if (name.word !== 'COUNT' || bracket?.text !== '(' || distinct?.word !== 'DISTINCT') return [];
    if (tokens[closing(index + 1) + 1]?.word === 'OVER') return [];
    return [
      {
        name: { start: name.start, end: name.end },
        distinct: { start: distinct.start, end: distinct.end + spaceAt(sql, distinct.end) },
      },
    ];
  });
}

/** The length of the white space at an offset. */
function spaceAt(sql: string, offset: number): number {
  const rest = sql.slice(offset);
  return rest.length - rest.trimStart().length;
}

const CLOCKS: ReadonlyMap<string, ClockSite['function']> = new Map(
  (['CURRENT_TIMESTAMP', 'CURRENT_DATETIME', 'CURRENT_DATE'] as const).map((name) => [name, name]),
);

const TEXT = /^(['"])([\w/+:-]+)\1$/;

/**
 * Each call that returns the current time, with or without parentheses, in no time zone or in one named by a literal.
 */
export function clocksIn({ tokens }: SourceText): readonly ClockSite[] {
  return tokens.flatMap((name, index): readonly ClockSite[] => {
    const clock = CLOCKS.get(name.word ?? '');
    if (clock === undefined || tokens[index - 1]?.word === 'AS') return [];
    const [bracket, first, second] = [1, 2, 3].map((step) => tokens[index + step]);
    const site = { start: name.start, function: clock, timeZone: null };
    if (bracket?.text !== '(') return [siteOf(site, name)];
    if (first?.text === ')') return [siteOf(site, first)];
    const timeZone = TEXT.exec(first?.text ?? '')?.[2];
    if (timeZone === undefined || second?.text !== ')') return [];
    return [siteOf({ ...site, timeZone }, second)];
  });
}

function siteOf(
  { start, ...clock }: { readonly start: number } & Omit<ClockSite, 'span'>,
  last: SourceToken,
): ClockSite {
  return { ...clock, span: { start, end: last.end } };
}
