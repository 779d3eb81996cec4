import type { RoutineReference } from '../vocabulary/routine.ts';
import type { TableReference } from '../vocabulary/table.ts';

/** What completes an incomplete name in the SQL. */
export interface NameDefaults {
  readonly projectId: string;
  readonly defaultDataset: { readonly projectId?: string; readonly datasetId: string } | null;
}

/**
 * A table's full name from its parts in the SQL, with dots inside backticks split. A bare name without a default
 * dataset keeps an empty dataset: BigQuery rejects it, and no catalog entry matches it.
 */
export function tableReference(
  parts: readonly (string | null | undefined)[],
  defaults: NameDefaults,
): TableReference {
  const names = parts.flatMap((part) => (part ? part.split('.') : [])).filter((name) => name !== '');
  const schemaAt = names.findIndex((name) => name.toUpperCase() === 'INFORMATION_SCHEMA');
  const tableParts = schemaAt === -1 ? 1 : names.length - schemaAt;
  const tableId = names.slice(-tableParts).join('.');
  const before = names.slice(0, -tableParts);
  const dataset = defaults.defaultDataset;
  const projectOfDefault = dataset?.projectId ?? defaults.projectId;
  if (before.length === 0)
    return { projectId: projectOfDefault, datasetId: dataset?.datasetId ?? '', tableId };
  const datasetId = before.at(-1) ?? '';
  // Legacy domain-scoped projects contain a colon and dots: example.com:project.
  const projectId = before.length === 1 ? defaults.projectId : before.slice(0, -1).join('.');
  return { projectId, datasetId, tableId };
}

/** The full name of a function or procedure from its name in the SQL, which is completed like a table's. */
export function routineReference(name: string, defaults: NameDefaults): RoutineReference {
  const { projectId, datasetId, tableId: routineId } = tableReference([name], defaults);
  return { projectId, datasetId, routineId };
}
