import type { CallerHints } from '../../vocabulary/caller.ts';
import { foldLabelValue } from '../labels.ts';

/** Who asks, as a tool's remark in the SQL says. */
export interface Remark {
  readonly hints: CallerHints;
}

/**
 * A remark that a BI tool put before the query. Since it differs by person, BigQuery would not answer two people
 * from one cached result; so it is taken off the SQL, and what it says travels as labels.
 */
export interface LeadingRemark extends Remark {
  /** The exact text, with what parts it from the query. */
  readonly text: string;
  /** What it says, as labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * What a remark said, as labels.
 * @param names the label by which each key of the remark goes
 */
export function labelsOf(
  said: ReadonlyMap<string, string>,
  names: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([key, label]) => {
      const value = said.get(key);
      return value === undefined || value === '' ? [] : [[label, foldLabelValue(value)]];
    }),
  );
}
