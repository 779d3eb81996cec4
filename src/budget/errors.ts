/** Why a reservation or a settlement makes no sense. */
export type BudgetErrorKind = 'no exchange rate' | 'wrong currency' | 'reserved otherwise';

/** A call that would charge a budget wrongly; nothing was changed. The message says why, and then what to do. */
export class BudgetError extends Error {
  readonly kind: BudgetErrorKind;
  /** Only what to do about it. */
  readonly cure: string;

  constructor(kind: BudgetErrorKind, what: string, cure: string) {
    super(`${what} ${cure}`);
    this.name = 'BudgetError';
    this.kind = kind;
    this.cure = cure;
  }
}
