import type { AntiPatternFinding, TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';

/** A piece of SQL, cut where something costly begins or ends. */
export interface Piece {
  readonly text: string;
  /** The numbers of the findings that cover it, from 1. */
  readonly marks: readonly number[];
  /** The findings that begin with it: their numbers are written here. */
  readonly begins: readonly number[];
}

/**
 * Cuts SQL at the spans of its findings. Spans may overlap. Spans that do not fit the text, for example because its
 * literals were replaced, mark nothing.
 */
export function piecesOf(
  sql: string,
  findings: readonly Pick<AntiPatternFinding, 'span'>[],
): readonly Piece[] {
  const spans = findings.map(({ span }, i) => ({ ...span, number: i + 1 })).filter((span) => fits(span, sql));
  const cuts = [...new Set([0, sql.length, ...spans.flatMap(({ start, end }) => [start, end])])].toSorted(
    (a, b) => a - b,
  );
  return cuts.slice(0, -1).map((start, i) => {
    const end = cuts[i + 1] ?? sql.length;
    return {
      text: sql.slice(start, end),
      marks: spans.filter((span) => span.start <= start && end <= span.end).map(({ number }) => number),
      begins: spans.filter((span) => span.start === start).map(({ number }) => number),
    };
  });
}

function fits({ start, end }: TextSpan, { length }: string): boolean {
  return 0 <= start && start < end && end <= length;
}
