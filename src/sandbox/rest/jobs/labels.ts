import { z } from 'zod';
import { BigQueryError } from '../../warehouse.ts';

const MAX_LABELS = 64;
const KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

export const labels = z.record(z.string(), z.string());

/**
 * Labels must follow BigQuery's own rules, so that a client that breaks them fails here.
 * @see https://cloud.google.com/bigquery/docs/labels-intro#requirements
 * @throws BigQueryError `invalid`
 */
export function checkLabels(jobLabels: Readonly<Record<string, string>>): void {
  if (Object.keys(jobLabels).length > MAX_LABELS) {
    throw new BigQueryError(400, 'invalid', `A job can have at most ${MAX_LABELS} labels.`);
  }
  for (const [key, value] of Object.entries(jobLabels)) {
    if (!KEY.test(key)) throw new BigQueryError(400, 'invalid', `Label key "${key}" has invalid characters.`);
    if (!VALUE.test(value)) {
      throw new BigQueryError(400, 'invalid', `Label value "${value}" has invalid characters.`);
    }
  }
}
