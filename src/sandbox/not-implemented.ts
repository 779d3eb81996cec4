import { BigQueryError } from './warehouse.ts';

/** The error of what BigQuery does and the sandbox does not. */
export function notImplemented(what: string): BigQueryError {
  return new BigQueryError(501, 'notImplemented', `The sandbox does not do ${what}; BigQuery does.`);
}
