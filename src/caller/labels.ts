/** The longest key or value of a BigQuery label, in characters. */
const MAX_LABEL_LENGTH = 63;

/**
 * The most labels of one job.
 * @see https://cloud.google.com/bigquery/docs/labels-intro#requirements
 */
export const MAX_LABELS = 64;

/**
 * Text made acceptable to BigQuery as a label's value: lower case, at most 63 characters, letters of any script,
 * digits, underscores and dashes; anything else becomes an underscore.
 * @see https://cloud.google.com/bigquery/docs/labels-intro#requirements
 */
export function foldLabelValue(text: string): string {
  const folded = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{Ll}\p{Lo}\p{N}_-]/gu, '_');
  return Array.from(folded).slice(0, MAX_LABEL_LENGTH).join('');
}
