/** What is wrong with an expression, and at which character of it. */
export interface ExpressionError {
  readonly problem: string;
  readonly expected: string;
  readonly offset: number;
}
