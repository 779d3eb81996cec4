/** A comment at one end of the SQL: the exact text to remove, and the text between its marks. */
export interface Comment {
  readonly text: string;
  readonly body: string;
}

/** No tool writes a longer remark. A longer comment is somebody's own text: it stays in place, and is not searched. */
const LONGEST = 4096;

/**
 * The line comment at the start of the SQL, including its line feed. A carriage return ends a comment too, but no tool
 * writes one, so such a comment does not count.
 * @param opening how the tool begins its remark, such as `-- Metabase::`
 */
export function leadingLine(sql: string, opening: string): Comment | null {
  if (!sql.startsWith(opening)) return null;
  const begin = sql.slice(0, LONGEST);
  const end = begin.search(/[\r\n]/);
  if (end === -1 || begin[end] !== '\n') return null;
  return { text: begin.slice(0, end + 1), body: begin.slice(opening.length, end) };
}

/** The block comment at the start of the SQL, and one `separator` after it if there is one. */
export function leadingBlock(sql: string, separator: string): Comment | null {
  if (!sql.startsWith('/*')) return null;
  const begin = sql.slice(0, LONGEST);
  // BigQuery's block comments do not nest: the first end is the end.
  const end = begin.indexOf('*/', 2);
  if (end === -1) return null;
  const after = end + 2;
  const text = begin.slice(0, begin.startsWith(separator, after) ? after + separator.length : after);
  return { text, body: begin.slice(2, end).trim() };
}

/** The content of a block comment at the end of the SQL, ignoring a semicolon after it. It is only ever read. */
export function trailingBlockBody(sql: string): string | null {
  const end = sql.slice(-LONGEST).trimEnd().replace(/;$/, '');
  if (!end.endsWith('*/')) return null;
  const start = end.lastIndexOf('/*', end.length - 4);
  return start === -1 ? null : end.slice(start + 2, -2).trim();
}
