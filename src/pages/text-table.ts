/** Names come from clients: none may move the cursor or colour what follows. */
export function printable(name: string): string {
  return name.replace(/\p{C}/gu, '�');
}

/**
 * A table for terminals, a line for each row, its columns as wide as their widest cells.
 * @param texts so many columns from the first on begin flush; what comes behind them are figures, which end flush
 * @param last whether the last column is a text as well
 */
export function aligned(
  rows: readonly (readonly string[])[],
  texts: number,
  last: 'text' | 'figure' = 'figure',
): readonly string[] {
  const widths = (rows[0] ?? []).map((_head, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const isText = (i: number) => i < texts || (last === 'text' && i === widths.length - 1);
  const padded = (cell: string, i: number) =>
    isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}
