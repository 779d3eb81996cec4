import type { ClockSite, ExactCountSite } from '../../vocabulary/rewrite-sites.ts';
import type { NestedToken } from './nested-tokens.ts';

/** Each `COUNT(DISTINCT …)` that is not a window function: those have no approximate form. */
export function exactCountsIn(tokens: readonly NestedToken[], sql: string): readonly ExactCountSite[] {
  return tokens.flatMap((name, index) => {
    const [before, bracket, distinct] = [-1, 1, 2].map((step) => tokens[index + step]);
    if (name.word !== 'COUNT' || before?.word === '.' || bracket?.word !== '(') return [];
    if (distinct?.word !== 'DISTINCT') return [];
    const close = tokens.findIndex(
      ({ word, depth }, at) => at > index && word === ')' && depth === bracket.depth,
    );
    if (tokens[close + 1]?.word === 'OVER') return [];
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
export function clocksIn(tokens: readonly NestedToken[]): readonly ClockSite[] {
  return tokens.flatMap((name, index): readonly ClockSite[] => {
    const clock = CLOCKS.get(name.word);
    const before = tokens[index - 1]?.word;
    if (clock === undefined || before === '.' || before === 'AS') return [];
    const [bracket, first, second] = [1, 2, 3].map((step) => tokens[index + step]);
    const site = { start: name.start, function: clock, timeZone: null };
    if (bracket?.word !== '(') return [siteOf(site, name)];
    if (first?.word === ')') return [siteOf(site, first)];
    const timeZone = TEXT.exec(first?.word ?? '')?.[2];
    if (timeZone === undefined || second?.word !== ')') return [];
    return [siteOf({ ...site, timeZone }, second)];
  });
}

function siteOf(
  { start, ...clock }: { readonly start: number } & Omit<ClockSite, 'span'>,
  last: NestedToken,
): ClockSite {
  return { ...clock, span: { start, end: last.end } };
}
