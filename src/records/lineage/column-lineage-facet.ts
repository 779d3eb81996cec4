import type { ColumnLineage, ColumnSource } from '../../vocabulary/column-lineage.ts';
import type { Decision } from '../../vocabulary/decision.ts';
import type { TableUse } from '../../vocabulary/reading.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import type { FacetMaker } from './facets.ts';
import { datasetName } from './names.ts';
import type { Facets } from './run-event.ts';

/** What affects every row of a result, in the specification's terms. */
const INDIRECT = { filtered: 'FILTER', tested: 'FILTER', joined: 'JOIN', grouped: 'GROUP_BY' } as const;

/**
 * Which columns the output is made of or depends on. It comes from the SQL text, so views stay views. Empty if neither
 * is known.
 */
export function columnLineageFacet(
  decision: Decision,
  lineage: ColumnLineage | null,
  { standard }: FacetMaker,
): Facets {
  const fields = [...(lineage ?? [])].flatMap(([column, sources]) => {
    const inputFields = sources.flatMap((source) => inputField(source, decision));
    return inputFields.length === 0 ? [] : [[column, { inputFields }] as const];
  });
  const dataset = decision.reading.tables.flatMap(indirectFields);
  if (fields.length === 0 && dataset.length === 0) return {};
  return {
    columnLineage: standard('1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet', {
      fields: Object.fromEntries(fields),
      dataset,
    }),
  };
}

function inputField({ table, column, derivation }: ColumnSource, decision: Decision) {
  const reference = fullReference(table, decision);
  if (reference === null) return [];
  const transformations = [{ type: 'DIRECT', subtype: derivation, masking: false }];
  return [{ ...datasetName(reference), field: column, transformations }];
}

/** A bare name means the one table of that name in the query. */
function fullReference(table: TableReference, { reading, estimate }: Decision): TableReference | null {
  if (table.datasetId !== '') return table;
  const tables = [...reading.tables.map((use) => use.table), ...(estimate?.referencedTables ?? [])];
  const candidates = new Map(
    tables
      .filter(({ tableId }) => tableId === table.tableId)
      .map((candidate) => [tableName(candidate), candidate]),
  );
  const [only, ...others] = candidates.values();
  return only === undefined || others.length > 0 ? null : only;
}

function indirectFields(use: TableUse) {
  return (Object.keys(INDIRECT) as (keyof typeof INDIRECT)[]).flatMap((list) =>
    (use[list] ?? []).map((field) => ({
      ...datasetName(use.table),
      field,
      transformations: [{ type: 'INDIRECT', subtype: INDIRECT[list], masking: false }],
    })),
  );
}
