import { BigQueryError } from './warehouse.ts';

/** The error for what BigQuery does but the sandbox does not. */
export function notImplemented(what: string): BigQueryError {
  return new BigQueryError(501, 'notImplemented', `The sandbox does not do ${what}; BigQuery does.`);
}
