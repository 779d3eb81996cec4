import { notImplemented } from '../not-implemented.ts';
import { BigQueryError } from '../warehouse.ts';

/** DuckDB's messages in BigQuery's terms; the first match is used. */
const MEANINGS: readonly (readonly [RegExp, (found: RegExpExecArray) => BigQueryError])[] = [
  [
    /Function with name "?([\w.]+)"? does not exist/,
    ([, name]) => notImplemented(`the function ${name?.toUpperCase()}, or there is none of that name`),
  ],
  [/Referenced (?:column|table) "([^"]+)" not found/, ([, name]) => invalid(`Unrecognized name: ${name}`)],
  [
    /column "([^"]+)" must appear in the GROUP BY clause/,
    ([, name]) =>
      invalid(`SELECT list expression references column ${name} which is neither grouped nor aggregated`),
  ],
  [
    /No function matches the given name and argument types '([^']+)'/,
    ([, call]) => invalid(`No matching signature for ${call}`),
  ],
  [
    /^Catalog Error: (?:Table|View) with name "?([^"\s]+)"? already exists/,
    ([, name]) => new BigQueryError(409, 'duplicate', `Already Exists: Table ${name}`),
  ],
  [
    /^Catalog Error: (?:Table|View) with name "?([^"\s]+)"? does not exist/,
    ([, name]) => new BigQueryError(404, 'notFound', `Not found: Table ${name}`),
  ],
  [
    /^Constraint Error: NOT NULL constraint failed: (?:.*\.)?(\S+)/,
    ([, name]) => invalid(`Required field ${name} cannot be null`),
  ],
  [/^Permission Error/, () => notImplemented('functions that read files or other sources')],
  [
    /^(?:Parser|Not implemented) Error: (.*)/,
    ([, why]) => notImplemented(`a statement of this form (${why})`),
  ],
  [/^(?:Binder|Conversion|Invalid Input|Out of Range) Error: (.*)/, ([, why]) => invalid(why ?? '')],
];

/** A DuckDB failure in BigQuery's terms; one that the query did not cause stays unchanged. */
export function toQueryError(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof BigQueryError) return thrown;
  for (const [pattern, meaning] of MEANINGS) {
    const found = pattern.exec(thrown.message);
    if (found !== null) return meaning(found);
  }
  return thrown;
}

function invalid(message: string): BigQueryError {
  return new BigQueryError(400, 'invalidQuery', message, 'query');
}
