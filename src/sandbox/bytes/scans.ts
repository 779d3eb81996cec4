import { z } from 'zod';
import type { Connections } from '../duckdb/connections.ts';

/** One place in a query's plan where a table is read. */
export interface Scan {
  /** Catalog, schema and table. */
  readonly table: readonly string[];
  /** Columns and record members that are read, under DuckDB's names. */
  readonly columns: readonly string[];
  /** Conditions that every row of this scan meets, in DuckDB's SQL. */
  readonly filters: readonly string[];
}

/**
 * Optimizers that would make the plan show less than the query reads, or something else: those that use the data's own
 * statistics, and those that add or drop scans. Projection and filter pushdown stay: they see through views, subqueries
 * and common table expressions as BigQuery does.
 */
export const DISABLED_OPTIMIZERS = [
  'statistics_propagation',
  'compressed_materialization',
  'late_materialization',
  'join_order',
  'build_side_probe_side',
  'in_clause',
  'regex_range',
  'top_n',
  'limit_pushdown',
  'sampling_pushdown',
  'empty_result_pullup',
  'materialized_cte',
  'sum_rewriter',
  'join_filter_pushdown',
  'row_group_pruner',
  'common_subplan',
  'extension',
];

const text = z.union([z.string().transform((one) => (one === '' ? [] : [one])), z.array(z.string())]);

interface PlanNode {
  readonly name: string;
  readonly children: readonly PlanNode[];
  readonly extra_info: {
    readonly Table?: string | undefined;
    readonly Projections?: readonly string[] | undefined;
    readonly Filters?: readonly string[] | undefined;
    readonly Expression?: readonly string[] | undefined;
  };
}

const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    name: z.string(),
    children: z.array(planNode),
    extra_info: z.object({
      Table: z.string().optional(),
      Projections: text.optional(),
      Filters: text.optional(),
      Expression: text.optional(),
    }),
  }),
);

/** Every scan in DuckDB's plan for a statement, which is not run. */
export async function scansOf(planner: Connections, duckdbSql: string): Promise<readonly Scan[]> {
  const [row] = await planner.rows(`EXPLAIN (FORMAT JSON) ${duckdbSql}`);
  const roots = z.array(planNode).parse(JSON.parse(String(row?.['explain_value'])));
  return roots.flatMap((root) => scansUnder(root, []));
}

function scansUnder(node: PlanNode, filtersAbove: readonly string[]): readonly Scan[] {
  const { Table, Projections = [], Filters = [], Expression = [] } = node.extra_info;
  if (node.name === 'FILTER') {
    return node.children.flatMap((child) => scansUnder(child, [...filtersAbove, ...Expression]));
  }
  if (node.name === 'SEQ_SCAN' && Table !== undefined) {
    return [{ table: nameParts(Table), columns: Projections, filters: [...Filters, ...filtersAbove] }];
  }
  // A filter above anything but a scan may refer to other columns than the scan's.
  return node.children.flatMap((child) => scansUnder(child, []));
}

/** The parts of `"guardrail-demo".atendimento.messages`. */
function nameParts(name: string): readonly string[] {
  return [...name.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    ([, quotedPart, plainPart]) => plainPart ?? (quotedPart ?? '').replaceAll('""', '"'),
  );
}
