import { MAX_TOKENIZED_CHARACTERS, mayBegin } from './script-words.ts';
import { type Token, tokensOf } from './tokens.ts';

/** SQL without any of these has nothing to look for. */
const WORTH_A_LOOK = /\b(?:CAPACITY|BI_CAPACITY|RESERVATION)\b/i;

const MAY_BUY = /(?:^|;)\s*((?:CREATE|ALTER)\s+(?:BI_CAPACITY|CAPACITY|RESERVATION))\b/i;

/** What a statement begins with that buys slots, or memory of BI Engine. */
const PURCHASES: ReadonlySet<string> = new Set([
  'CREATE CAPACITY',
  'ALTER CAPACITY',
  'CREATE RESERVATION',
  'ALTER RESERVATION',
  'ALTER BI_CAPACITY',
]);

/**
 * The statement by which SQL buys slots, or memory of BI Engine, as in `CREATE CAPACITY`; null if there is none in its text.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#create_capacity_statement
 */
export function capacityPurchase(sql: string): string | null {
  if (!WORTH_A_LOOK.test(sql)) return null;
  if (sql.length > MAX_TOKENIZED_CHARACTERS) {
    return MAY_BUY.exec(sql)?.[1]?.replace(/\s+/, ' ').toUpperCase() ?? null;
  }
  const tokens = [...tokensOf(sql)].filter(({ space }) => space === undefined);
  return tokens.map((_, at) => purchaseAt(tokens, at)).find((found) => found !== null) ?? null;
}

/** Not a column named `alter` that is called `reservation`. */
function purchaseAt(tokens: readonly Token[], at: number): string | null {
  const beginning = `${tokens[at]?.word} ${tokens[at + 1]?.word}`.toUpperCase();
  return PURCHASES.has(beginning) && mayBegin(tokens, at) ? beginning : null;
}
