/** From the first instant, inclusive, to the second, exclusive; milliseconds since the epoch. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}
