import { approximateCounts } from './approximate.ts';
import { cacheableForm } from './cacheable-form.ts';
import type { Candidate, Subject } from './candidate.ts';
import { neededColumns, smallColumns } from './columns.ts';
import { partitionFilter } from './partition-filter.ts';
import { replacementTable } from './replacement-table.ts';

/** Every other form of the query that is worth pricing: seven at most. */
export function candidatesFor(subject: Subject): readonly Candidate[] {
  const filter = partitionFilter(subject);
  const needed = neededColumns(subject);
  const small = smallColumns(subject);
  const others = [replacementTable(subject), approximateCounts(subject), cacheableForm(subject)];
  return [filter, needed, small, ...others, combined([filter, needed, small])].filter(
    (candidate) => candidate !== null,
  );
}

/** Several changes at once, for rules that ask for more than one; null if there are not several. */
function combined(candidates: readonly (Candidate | null)[]): Candidate | null {
  const several = candidates.filter((candidate) => candidate !== null);
  if (several.length < 2) return null;
  return {
    changes: several.flatMap(({ changes }) => changes),
    edits: several.flatMap(({ edits }) => edits),
    result: several.every(({ result }) => result === 'same') ? 'same' : 'changed',
  };
}
