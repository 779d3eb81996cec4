/** Names come from clients: none may move the cursor or colour what follows. */
export function printable(name: string): string {
  return name.replace(/\p{C}/gu, '�');
}

/**
 * A table for terminals, one line per row, with columns as wide as their widest cells.
 * @param textColumns the first columns, this many, are left-aligned; the rest are figures, which are right-aligned
 * @param lastColumn whether the last column is a text as well
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  textColumns: number,
  lastColumn: 'text' | 'figure' = 'figure',
): readonly string[] {
  const widths = (rows[0] ?? []).map((_head, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const isText = (i: number) => i < textColumns || (lastColumn === 'text' && i === widths.length - 1);
  const padded = (cell: string, i: number) =>
    isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}
