import { describe, expect, test } from 'vitest';
import { atendimento } from '../../src/sandbox/dataset/atendimento.ts';
import { finops } from '../../src/sandbox/dataset/finops.ts';
import { readSql } from '../../src/sql/read-sql.ts';
import { tableName } from '../../src/vocabulary/table.ts';
import { atendimentoCards, finopsCards } from '../e2e/dashboards.ts';
import { PROJECT, useWarehouse } from './warehouse.ts';

const views: ReadonlyMap<string, string> = new Map(
  [atendimento, finops].flatMap(({ datasetId, views }) =>
    views.map(({ tableId, query }) => [`${PROJECT}.${datasetId}.${tableId}`, query] as const),
  ),
);

/** The tables that SQL names, and in place of views those that these name. */
function tablesOf(sql: string): readonly string[] {
  const names = readSql(sql, { projectId: PROJECT, defaultDataset: null }).tables.map((use) =>
    tableName(use.table),
  );
  return [
    ...new Set(
      names.flatMap((name) => {
        const query = views.get(name);
        return query === undefined ? [name] : tablesOf(query);
      }),
    ),
  ].toSorted();
}

const MORE = [
  'WITH tickets AS (SELECT * FROM atendimento.tickets) SELECT COUNT(*) AS n FROM tickets',
  'SELECT t.ticket_id FROM atendimento.tickets AS t, UNNEST(t.tags) AS tag',
  'SELECT ticket_id FROM atendimento.tickets WHERE agent_id IN (SELECT agent_id FROM atendimento.agents)',
  'SELECT 1 AS x FROM finops.payments UNION ALL SELECT 2 FROM finops.contracts',
  'SELECT a.name FROM (atendimento.agents AS a JOIN atendimento.tickets AS t USING (agent_id))',
  'SELECT MAX(n) AS n FROM (SELECT COUNT(*) AS n FROM atendimento.messages GROUP BY sender)',
  'SELECT 1 AS x',
  ...[...views.keys()].map((name) => `SELECT * FROM \`${name}\``),
];

describe('the tables that SQL names', () => {
  const { plan } = useWarehouse(600);
  // The cards are planned with values in place of their parameters.
  const cards = [...atendimentoCards, ...finopsCards].map(({ query }) => query.replace(/@\w+|\?/g, 'NULL'));

  test.each([...cards, ...MORE])('are those that the sandbox’s dry run names: %s', async (sql) => {
    const { referencedTables } = await plan(sql);

    expect(tablesOf(sql)).toEqual(referencedTables.map(tableName).toSorted());
  });

  test.each([...views.keys()])('are apart from the views that it resolves: %s', async (name) => {
    const { referencedViews } = await plan(`SELECT * FROM \`${name}\``);

    expect(referencedViews.map(tableName)).toContain(name);
  });
});
