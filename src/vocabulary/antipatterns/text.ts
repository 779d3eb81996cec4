import type { AntiPatternName } from './antipattern.ts';

/** The text about an anti-pattern, in one language. */
export interface AntiPatternText {
  /** A few words, without a full stop. */
  readonly title: string;
  /** What it costs, and why: one or two sentences. */
  readonly why: string;
  /** What to do: one or two sentences. */
  readonly instead: string;
}

export type AntiPatternTexts = Readonly<Record<AntiPatternName, AntiPatternText>>;
