import type { CallerHints } from '../../vocabulary/caller.ts';
import { foldLabelValue } from '../labels.ts';

/** Who asks, according to a tool's remark in the SQL. */
export interface Remark {
  readonly hints: CallerHints;
}

/**
 * A remark that a BI tool put before the query. It differs by person, so BigQuery would not answer two people from one
 * cached result. It is therefore removed from the SQL, and its content is sent as labels.
 */
export interface LeadingRemark extends Remark {
  /** The exact text, including what separates it from the query. */
  readonly text: string;
  /** Its content, as labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A remark's content, as labels.
 * @param names the label for each key of the remark
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
