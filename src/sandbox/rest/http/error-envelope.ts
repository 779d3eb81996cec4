import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { BigQueryError } from '../../warehouse.ts';
import { asBigQueryError } from '../errors.ts';
import { answerJson } from './answer.ts';
import type { JsonObject } from './json.ts';

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

/**
 * An error in the API's form.
 * @see https://cloud.google.com/bigquery/docs/error-messages
 */
function errorEnvelope(error: BigQueryError): JsonObject {
  return {
    error: {
      code: error.httpStatus,
      message: error.message,
      errors: [{ message: error.message, domain: 'global', reason: error.reason, ...place(error.location) }],
      status: STATUS_NAMES[error.httpStatus] ?? 'UNKNOWN',
    },
  };
}

function place(location: string | null): JsonObject {
  if (location === null) return {};
  if (location === 'Authorization') return { location, locationType: 'header' };
  // Over HTTP, the API calls the query's text `q`; in a job's status, the same place is called `query`.
  return { location: location === 'query' ? 'q' : location, locationType: 'parameter' };
}

/** Turns whatever a handler threw into the error envelope. */
export function answerError(log: Logger): ErrorRequestHandler {
  return async (thrown: unknown, request, response, next) => {
    const error = asBigQueryError(thrown);
    if (error.httpStatus >= 500 && error.reason === 'internalError') {
      log.error({ err: thrown, path: request.path }, 'the sandbox failed on a request');
    }
    if (response.headersSent) {
      next(thrown);
      return;
    }
    await answerJson(request, response, errorEnvelope(error), error.httpStatus);
  };
}
