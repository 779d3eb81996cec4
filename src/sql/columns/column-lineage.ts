import { z } from 'zod';
import { type ColumnLineage, columnDerivations } from '../../vocabulary/column-lineage.ts';
import { openLineageColumnLineage } from '../syntax/polyglot.ts';
import { type NameDefaults, tableReference } from '../table-names.ts';

/** Of what polyglot makes of a statement, that which is told on: its descriptions quote the SQL, literals and all. */
const answer = z.object({
  success: z.literal(true),
  facet: z.object({
    fields: z.record(
      z.string(),
      z.object({
        inputFields: z.array(
          z.object({
            name: z.string(),
            field: z.string(),
            transformations: z.array(z.object({ subtype: z.enum(columnDerivations) })).min(1),
          }),
        ),
      }),
    ),
  }),
});

/** Needed for an answer, and no part of what is taken from it. */
const ASKED = {
  dialect: 'bigquery',
  producer: 'urn:guardrail',
  datasetNamespace: 'bigquery',
  outputDataset: { namespace: 'bigquery', name: 'result' },
};

/**
 * What each column is made of that a query returns or a statement fills, as far as its words tell: `SELECT *` tells
 * nothing. Null of what the parser does not follow, MERGE, UPDATE and scripts for some.
 */
export function columnLineageOf(sql: string, defaults: NameDefaults): ColumnLineage | null {
  const { data } = answer.safeParse(openLineageColumnLineage(sql, ASKED));
  if (data === undefined) return null;
  const columns = Object.entries(data.facet.fields).map(([column, { inputFields }]) => {
    const sources = inputFields.map(({ name, field, transformations: [first] }) => ({
      table: tableReference([name], defaults),
      column: field,
      derivation: first?.subtype ?? 'TRANSFORMATION',
    }));
    return [column, sources] as const;
  });
  return new Map(columns.filter(([, sources]) => sources.length > 0));
}
