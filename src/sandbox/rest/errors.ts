import { z } from 'zod';
import { BigQueryError } from '../warehouse.ts';
import type { JsonObject } from './http/json.ts';

/** An error inside a job resource, the API's `ErrorProto`. */
export function errorProto(error: BigQueryError): JsonObject {
  return {
    reason: error.reason,
    ...(error.location === null ? {} : { location: error.location }),
    message: error.message,
  };
}

/** BigQuery accepts requests of up to 20 MB. */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;
const BODY_TOO_LARGE = `Request payload size exceeds the limit: ${MAX_BODY_BYTES} bytes.`;

/** The errors of Express and its body parser. */
const httpError = z.object({ type: z.string().optional(), status: z.number(), message: z.string() });

/** Puts any error in BigQuery's terms; one that the caller did not cause is internal. */
export function asBigQueryError(thrown: unknown): BigQueryError {
  if (thrown instanceof BigQueryError) return thrown;
  const parsed = httpError.safeParse(thrown);
  if (parsed.success && parsed.data.status >= 400 && parsed.data.status < 500) {
    const { type, message } = parsed.data;
    if (type === 'entity.parse.failed')
      return new BigQueryError(400, 'parseError', `Parse Error: ${message}`);
    if (type === 'entity.too.large') return new BigQueryError(400, 'badRequest', BODY_TOO_LARGE);
    return new BigQueryError(400, 'badRequest', message);
  }
  return new BigQueryError(
    500,
    'internalError',
    'An internal error occurred and the request could not be completed.',
  );
}
