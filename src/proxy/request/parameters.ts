import type { IncomingHttpHeaders } from 'node:http';
import { BadRequest } from '../stop.ts';

/**
 * Parameters that Google's servers accept in addition to a method's own. Those that are credentials are refused when
 * the caller is identified.
 * @see https://cloud.google.com/apis/docs/system-parameters
 */
const SYSTEM_PARAMETERS: ReadonlySet<string> = new Set(
  [
    ...['alt', 'apiFormat', 'apiKey', 'callback', 'fields', 'key', 'outputDefaults', 'prettyPrint'],
    ...['quotaUser', 'trace', 'unique', 'userIp', 'userProject'],
  ].flatMap((name) => [name, `$${name}`]),
);
/** Credentials outside the header would not be part of the digest that keeps callers apart. */
export const CREDENTIAL_PARAMETERS = ['access_token', 'oauth_token', 'bearer_token'] as const;
const OTHERS: ReadonlySet<string> = new Set([
  ...['$.xgafv', 'pp', 'uploadType', 'upload_protocol', 'upload_id'],
  ...CREDENTIAL_PARAMETERS,
]);

/**
 * A guarded method has no parameters of its own. Google's servers also fill the fields of a request from parameters of
 * the same name, so one that is not a system parameter could say something by which the body was not judged.
 * @param target the request's path with its query string
 * @throws BadRequest
 */
export function refuseFieldParameters(target: string): void {
  const found = namesIn(target).find((name) => !SYSTEM_PARAMETERS.has(name) && !OTHERS.has(name));
  if (found === undefined) return;
  throw new BadRequest(
    'invalid',
    `The parameter ${found} is not accepted: put it in the body, as the API documents it.`,
  );
}

/** Whether a request has a credential among its parameters. */
export function hasCredentialParameter(target: string): boolean {
  const names = namesIn(target);
  return CREDENTIAL_PARAMETERS.some((name) => names.includes(name));
}

/** The names of a request's parameters. Some servers treat a semicolon as an ampersand. */
export function namesIn(target: string): readonly string[] {
  const start = target.indexOf('?');
  return start === -1 ? [] : [...new URLSearchParams(target.slice(start + 1).replaceAll(';', '&')).keys()];
}

/**
 * Whether a request asks for a part of the answer. A server that finds no such part answers 400, and may have run the query
 * by then.
 * @see https://cloud.google.com/apis/docs/system-parameters
 */
export function asksForPart({
  url,
  headers,
}: {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}): boolean {
  return headers['x-goog-fieldmask'] !== undefined || namesIn(url).some((name) => /^\$?fields$/i.test(name));
}
