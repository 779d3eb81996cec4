/** Names come from clients: none may move the cursor or colour what follows. */
export function printable(name: string): string {
  return name.replace(/\p{C}/gu, '�');
}

/** Names to the left, figures to the right, the last column as it is. */
export function inLine(rows: readonly (readonly string[])[], names: number): string {
  const widths = (rows[0] ?? []).map((_head, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => {
        if (i === row.length - 1) return cell;
        const width = widths[i] ?? 0;
        return i < names ? cell.padEnd(width) : cell.padStart(width);
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
