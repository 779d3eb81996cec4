import { z } from 'zod';
import { type ColumnLineage, columnDerivations } from '../../vocabulary/column-lineage.ts';
import { plainSql } from '../mending/plain-sql.ts';
import { openLineageColumnLineage } from '../syntax/polyglot.ts';
import { type NameDefaults, tableReference } from '../table-names.ts';
import { standardQueries } from '../translation/standard-queries.ts';

/** The part of polyglot's lineage that is passed on: its descriptions quote the SQL, including literals. */
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

/** Required for an answer, but none of it is used. */
const LINEAGE_OPTIONS = {
  dialect: 'bigquery',
  producer: 'urn:guardrail',
  datasetNamespace: 'bigquery',
  outputDataset: { namespace: 'bigquery', name: 'result' },
};

/**
 * What each column returned by a query or filled by a statement is made of, as far as the SQL text tells: `SELECT *`
 * tells nothing. Null for what the parser does not follow, such as MERGE, UPDATE and scripts.
 */
export function columnLineageOf(sql: string, defaults: NameDefaults): ColumnLineage | null {
  const { data } = answer.safeParse(
    openLineageColumnLineage(standardQueries(plainSql(sql))?.sql ?? sql, LINEAGE_OPTIONS),
  );
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
