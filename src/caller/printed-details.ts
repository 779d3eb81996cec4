import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether the client's library writes `error.details` behind the message of an error, so that people get to read it: in a
 * panel of Grafana, or in Superset.
 * @see https://github.com/googleapis/google-api-go-client googleapi/googleapi.go (`Error.Error`)
 * @see https://github.com/googleapis/python-api-core google/api_core/exceptions.py (`GoogleAPICallError.__str__`)
 * @see https://github.com/googleapis/google-api-python-client googleapiclient/errors.py (`HttpError.__repr__`)
 */
export function printsDetails(headers: IncomingHttpHeaders): boolean {
  return /\bgl-(?:go|python)\//.test(String(headers['x-goog-api-client'] ?? ''));
}
