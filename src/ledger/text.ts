/**
 * A text that every ledger stores unchanged: PostgreSQL accepts neither NUL nor half a surrogate pair. Both become the
 * replacement character, so that a query that contains them is recorded and not lost.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
