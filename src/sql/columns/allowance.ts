/** Some queries join twenty tables and name hundreds of columns. */
const MOST_ORIGINS = 100_000;

/** How many more origins may be found of columns that may be one of several tables'. */
export interface Allowance {
  origins: number;
}

/** So many columns may be one of so many tables' that what they are would take far more room than the SQL does. */
export class TooAmbiguous extends Error {
  override readonly name = 'TooAmbiguous';
}

/** For all statements of a query together. */
export function newAllowance(): Allowance {
  return { origins: MOST_ORIGINS };
}

/** @throws TooAmbiguous once nothing is left */
export function withinAllowance<Origin>(origins: readonly Origin[], allowance: Allowance): readonly Origin[] {
  if (origins.length > 1) allowance.origins -= origins.length;
  if (allowance.origins < 0) throw new TooAmbiguous();
  return origins;
}
