import { type TableReference, tableName } from '../../vocabulary/table.ts';
import { type NameDefaults, tableReference } from '../table-names.ts';
import { isParts, isTable, type Parts, type TableBody } from './syntax-parts.ts';
import { partsOf } from './syntax-tree.ts';

/** Where each kind of statement names the table that it writes. */
const TARGETS: Readonly<Record<string, string>> = {
  create_table: 'name',
  create_view: 'name',
  insert: 'table',
  merge: 'this',
  update: 'table',
  delete: 'table',
  truncate: 'table',
};

/**
 * The tables and views that statements fill, change or create, each once, without those that end with their session.
 */
export function writtenTables(
  statements: readonly unknown[],
  defaults: NameDefaults,
): readonly TableReference[] {
  const bodies = statements.filter(isParts);
  const temporary = new Set(bodies.flatMap(temporaryNames));
  const tables = bodies
    .flatMap(targetsOf)
    .filter(({ schema, name }) => schema !== null || !temporary.has(name.name.toLowerCase()))
    .map((table) => tableReference(partsOf(table), defaults))
    .filter(({ datasetId }) => datasetId !== '' && !datasetId.startsWith('_'));
  return [...new Map(tables.map((table) => [tableName(table), table])).values()];
}

/** Where statements name tables only to fill or to empty them: no row is read there. */
export function unreadMentions(statements: readonly Parts[]): ReadonlySet<TableBody> {
  const filling = statements.map(({ create_table, create_view, insert, truncate }) => ({
    create_table,
    create_view,
    insert,
    truncate,
  }));
  return new Set(filling.flatMap((statement) => targetsIn(statement)));
}

function targetsOf(statement: Parts): readonly TableBody[] {
  return targetsIn(statement, (body) => body['temporary'] !== true);
}

function targetsIn(statement: Parts, isMeant = (_body: Parts) => true): readonly TableBody[] {
  return Object.entries(TARGETS).flatMap(([kind, place]) => {
    const body = statement[kind];
    if (!isParts(body) || !isMeant(body)) return [];
    const table = tableIn(body[place]);
    return table === null ? [] : [table];
  });
}

/** The names of a script's temporary tables, in lower case. */
function temporaryNames({ create_table: body }: Parts): readonly string[] {
  if (!isParts(body) || body['temporary'] !== true) return [];
  const table = tableIn(body['name']);
  return table === null ? [] : [table.name.name.toLowerCase()];
}

/** A target may have an alias. */
function tableIn(part: unknown): TableBody | null {
  if (!isParts(part)) return null;
  if (isTable(part)) return part;
  const { table, alias } = part;
  if (isParts(alias)) return tableIn(alias['this']);
  return tableIn(table);
}
