/** @see https://cloud.google.com/bigquery/docs/labels-intro#requirements */
const MOST_LABELS = 64;

/** The client's own labels and, as far as there is room, the guard's; the first of these matters most. */
export function withAdded(
  own: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const labels = { ...own };
  for (const [key, value] of Object.entries(added)) {
    if (Object.hasOwn(labels, key) || Object.keys(labels).length < MOST_LABELS) labels[key] = value;
  }
  return labels;
}
