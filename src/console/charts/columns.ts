import type { Language } from '../../foundation/text/language.ts';

/** Stacked columns, as plain values. */
export interface ColumnDrawing {
  /** Unique among the charts on the page. */
  readonly id: string;
  readonly language: Language;
  /** The labels below the columns. */
  readonly names: readonly string[];
  /** `bytes`, or a currency, whose amounts are in millionths. */
  readonly unit: string;
  /** An amount for each column. */
  readonly parts: readonly (readonly bigint[])[];
}

/** This many parts have a colour of their own; the rest share the last one. */
export const COLOURS = 7;

/** The colour of a part, as the stylesheet names it: `s1` to `s7`. */
export function colourOf(place: number): number {
  return Math.min(place + 1, COLOURS);
}
