import { MAX_TOKENIZED_CHARACTERS, scriptWordsOf } from './script-words.ts';

const MAY_BUY = /(?:^|;)\s*((?:CREATE|ALTER)\s+(?:BI_CAPACITY|CAPACITY|RESERVATION))\b/i;

/**
 * The statement by which SQL buys slots, or memory of BI Engine, as in `CREATE CAPACITY`; null if there is none in its text.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#create_capacity_statement
 */
export function capacityPurchase(sql: string): string | null {
  if (sql.length > MAX_TOKENIZED_CHARACTERS)
    return MAY_BUY.exec(sql)?.[1]?.replace(/\s+/, ' ').toUpperCase() ?? null;
  return scriptWordsOf(sql).purchase;
}
