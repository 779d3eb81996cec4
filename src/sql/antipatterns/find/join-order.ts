import { tableName } from '../../../vocabulary/table.ts';
import { type Detector, findingAt, nameSpan } from '../detector.ts';
import type { Source, TableSource } from '../queries/queries.ts';
import { isStored } from '../queries/rows.ts';

/**
 * A chain of inner joins that begins with a table much smaller than one joined to it. A candidate for each joined
 * table, since the SQL does not say how large they are. Outer joins cannot be swapped, and end the chain.
 */
export const joinOrder: Detector = {
  name: 'join-order',
  find(context) {
    return context.queries.selects.flatMap(({ sources: [first, ...joined] }) => {
      if (first === undefined || !isTable(first)) return [];
      return innerJoined(joined).flatMap((table) =>
        findingAt(nameSpan(context, first), {
          table: first,
          onlyIf: { kind: 'smaller-than', table: tableName(table.reference) },
        }),
      );
    });
  },
};

function innerJoined(sources: readonly Source[]): readonly TableSource[] {
  const end = sources.findIndex(({ join }) => join?.kind !== 'Inner');
  return (end === -1 ? sources : sources.slice(0, end)).filter(isTable);
}

function isTable(source: Source): source is TableSource {
  return source.kind === 'table' && isStored(source);
}
