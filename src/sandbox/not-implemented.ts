import { BigQueryError } from './warehouse.ts';

/** The error for what BigQuery does but the sandbox does not. */
export function notImplemented(what: string): BigQueryError {
  return new BigQueryError(
    501,
    'notImplemented',
    `The sandbox, which stands in for BigQuery in guardrail's demo, does not do ${what}. guardrail and BigQuery do.`,
  );
}
