/**
 * A text that every ledger keeps as it is: PostgreSQL takes no NUL, and no half of a surrogate pair. Both become the
 * replacement character, so that a query that holds them is recorded and not lost.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
