import { type Cell, columns } from './columns.ts';

/** A row of the export, by column name. */
export type Row = Readonly<Record<string, Cell>>;

/** A row group of a Parquet file is held in memory until it is written. */
const MAX_ROWS = 20_000;
const MAX_CHARACTERS = 16 << 20;

/** Cuts rows into groups of a few thousand, or fewer if their texts are long. */
export async function* rowGroupsOf(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[]> {
  let group: Row[] = [];
  let characters = 0;
  for await (const row of rows) {
    group.push(row);
    characters += charactersIn(row);
    if (group.length < MAX_ROWS && characters < MAX_CHARACTERS) continue;
    yield group;
    group = [];
    characters = 0;
  }
  if (group.length > 0) yield group;
}

function charactersIn(row: Row): number {
  return columns.reduce((sum, { name }) => {
    const cell = row[name];
    if (typeof cell === 'string') return sum + cell.length;
    return Array.isArray(cell) ? sum + cell.join('').length : sum;
  }, 0);
}
