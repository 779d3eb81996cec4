/** Some queries join twenty tables and name hundreds of columns. */
const MOST_ORIGINS = 100_000;

/** How many more origins may be found of columns that may be one of several tables'. */
export interface Allowance {
  origins: number;
}

/** Not every column can be followed to its tables. The message is why, as a reason to leave a query unread. */
export class NotFollowed extends Error {
  override readonly name = 'NotFollowed';
}

/** For all statements of a query together. */
export function newAllowance(): Allowance {
  return { origins: MOST_ORIGINS };
}

/** @throws NotFollowed once nothing is left: to say what the columns are would take far more room than the SQL does */
export function withinAllowance<Origin>(origins: readonly Origin[], allowance: Allowance): readonly Origin[] {
  if (origins.length > 1) allowance.origins -= origins.length;
  if (allowance.origins < 0) throw new NotFollowed('too many of its columns may be one of too many tables’');
  return origins;
}
