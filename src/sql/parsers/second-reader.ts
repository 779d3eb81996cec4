import sqlParser from 'node-sql-parser/build/bigquery.js';
import { z } from 'zod';
import { errorMessage } from '../../foundation/text/error-message.ts';
import type { TableUse } from '../../vocabulary/reading.ts';
import type { TableReference } from '../../vocabulary/table.ts';
import { plainSql } from '../mending/plain-sql.ts';
import { type NameDefaults, tableReference } from '../table-names.ts';
import { tokenFactsOf } from '../tokens/token-facts.ts';
import { standardQueries } from '../translation/standard-queries.ts';
import type { ReaderOutcome } from './polyglot-reader.ts';

const parser = new sqlParser.Parser();
const OPTIONS = { database: 'bigquery' } as const;

/** Entries of its table list are `statement::dataset::table`, with project and dataset together in the middle. */
const NO_DATASET = 'null';

const WRITING: ReadonlySet<string> = new Set(['insert', 'replace', 'update', 'delete', 'create', 'truncate']);

/** The part of a statement's tree that names its common tables, and the tables that each of them names. */
const withClause = z.object({
  with: z.array(
    z.object({
      name: z.object({ value: z.string() }),
      stmt: z.object({ tableList: z.array(z.string()) }),
    }),
  ),
});

/**
 * A second opinion, asked only if the first reader gives up: which tables the SQL names, according to node-sql-parser.
 * It does not say how columns are used, so every table counts as read whole: a rule that asks for columns or a
 * partition filter must not be passed by SQL that is hard to read.
 */
export function readWithSecondParser(sql: string, defaults: NameDefaults): ReaderOutcome {
  try {
    const plain = plainSql(sql);
    const { tableList, ast } = parser.parse(quoteTargets(standardQueries(plain)?.sql ?? plain), OPTIONS);
    const { maxJoinsWithoutCondition, maxSubqueries } = tokenFactsOf(sql);
    const statements = Array.isArray(ast) ? ast : [ast];
    const common = commonTableNames(statements);
    const tables = tableList
      .map((entry) => entry.split('::'))
      .filter(([, dataset, table = '']) => dataset !== NO_DATASET || !common.has(table))
      .map(([, dataset, table]): TableUse => {
        const reference = tableReference([dataset === NO_DATASET ? null : dataset, table], defaults);
        return { table: reference, star: true, projected: [], filtered: [], joined: [], grouped: [] };
      });
    return {
      ok: true,
      statement: statements.length > 1 ? 'SCRIPT' : (statements[0]?.type ?? 'unknown').toUpperCase(),
      tables,
      writes: tableList.flatMap((entry) => writtenIn(entry, defaults)),
      star: tables.length > 0,
      limit: null,
      joinsWithoutCondition: maxJoinsWithoutCondition,
      subqueries: maxSubqueries,
      antiPatterns: [],
      unreadReason: null,
    };
  } catch (error) {
    return { ok: false, reason: errorMessage(error) };
  }
}

const TARGET = /\b(INSERT\s+(?:INTO\s+)?)((?:`[^`]+`|[\w-]+)(?:\.(?:`[^`]+`|[\w-]+))+)/gi;

/** Of three names after INSERT, the parser forgets the one in the middle, unless all of them are in quotes together. */
function quoteTargets(sql: string): string {
  return sql.replace(TARGET, (_, insert: string, path: string) => `${insert}\`${path.replaceAll('`', '')}\``);
}

/** By the statement in an entry of the table list; a temporary table has no dataset. */
function writtenIn(entry: string, defaults: NameDefaults): readonly TableReference[] {
  const [statement = '', dataset, table = ''] = entry.split('::');
  if (!WRITING.has(statement) || (dataset === NO_DATASET && !table.includes('.'))) return [];
  return [tableReference([dataset === NO_DATASET ? null : dataset, table], defaults)];
}

/**
 * Names that never belong to a table. The table list does not say which statement names which table: what one statement
 * defines, another may read. And if a common table, or one before it, reads a table of its own name, that name is a
 * table's.
 */
function commonTableNames([only, ...others]: readonly unknown[]): ReadonlySet<string> {
  const { data } = withClause.safeParse(only);
  if (data === undefined || others.length > 0) return new Set();
  const readBefore = new Set<string>();
  const common = data.with.filter(({ name, stmt }) => {
    for (const entry of stmt.tableList) readBefore.add(entry.split('::')[2] ?? '');
    return !readBefore.has(name.value);
  });
  return new Set(common.map(({ name }) => name.value));
}
