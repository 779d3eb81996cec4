/** @see https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#string_and_bytes_literals */
export function textLiteral(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}

/** A number as written in SQL; null for anything else, so that nothing else gets into the SQL unquoted. */
export function numberLiteral(value: unknown): string | null {
  const text = String(value).trim();
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : null;
}

/** A table's or column's name in backticks. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll('`', '')}\``;
}
