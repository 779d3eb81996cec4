import type { IncomingHttpHeaders } from 'node:http';
import { canonicalPath } from './canonical-path.ts';
import { METHODS, type Method } from './methods.ts';
import { namesIn } from './parameters.ts';

/** Where a request goes: to a method of the API, in the form in which it will be sent. */
export type Route =
  | {
      readonly kind: 'method';
      readonly method: Method;
      /** Through which door: the API itself, or the one for media. */
      readonly door: 'json' | 'upload';
      /** The HTTP method and the path that are judged and sent. */
      readonly httpMethod: string;
      readonly path: string;
      /** The names in the path, in order: the project first. */
      readonly names: readonly string[];
    }
  | { readonly kind: 'batch' }
  /** Not part of the API, and safe: a read of the discovery document, a CORS preflight. */
  | { readonly kind: 'other' }
  /** Not a method of the API, or not certainly one. */
  | { readonly kind: 'refused'; readonly why: string };

/** Headers by which a client asks for another HTTP method than the one it sends. */
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'] as const;
/**
 * Parameters by which browsers ask Google's servers for another HTTP method, other headers, another content type or
 * another body than those sent.
 * @see https://cloud.google.com/apis/docs/system-parameters
 */
const OVERRIDING_PARAMETERS: ReadonlySet<string> = new Set(['$httpmethod', '$httpheaders', '$ct', '$req']);
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const UPLOAD = /^(?:\/resumable)?\/upload(?=\/bigquery\/v2\/)/;
const BATCH = /^\/batch(?:\/bigquery(?:\/v2)?)?$/;
/**
 * Where methods may be added to the API. The same host runs SQL elsewhere too: for MCP, for gRPC, in batches of other APIs.
 * @see https://docs.cloud.google.com/bigquery/docs/reference/mcp/execute_sql
 */
const OF_API = /^\/bigquery\/v2\//;

const PATTERNS = METHODS.map((method) => ({
  method,
  pattern: new RegExp(`^/bigquery/v2/${method.path.replaceAll('*', '([^/]+?)')}$`),
}));

/**
 * Which method of the API a request is for.
 * @param target the request target as it came over the wire
 * @param passUnknown true to let through methods that the API does not have yet: a setting, off by default
 */
export function routeOf(
  httpMethod: string,
  target: string,
  headers: IncomingHttpHeaders,
  passUnknown = false,
): Route {
  if (!target.startsWith('/')) return refused('the request target is not a path');
  // The parser has taken the body for chunks, and other codings would go on with it: some servers see no chunks then, and
  // take the body for another request.
  if (!/^chunked$/i.test(headers['transfer-encoding'] ?? 'chunked'))
    return refused('of transfer encodings, only chunked is accepted');
  const [written = '', ...query] = target.split('?');
  const path = canonicalPath(written);
  if (path === null) {
    return refused('the path is ambiguous: send it without encoded separators');
  }
  const effective = effectiveMethod(httpMethod, headers);
  if (effective === null)
    return refused('a form instead of a query string is not accepted: send the method itself');
  const search = query.length === 0 ? '' : `?${query.join('?')}`;
  const parameter = namesIn(search).find((name) => OVERRIDING_PARAMETERS.has(name.toLowerCase()));
  if (parameter !== undefined)
    return refused(`the parameter ${parameter} is not accepted: send the method and the headers themselves`);
  if (BATCH.test(path)) return { kind: 'batch' };
  const door = UPLOAD.test(path) ? 'upload' : 'json';
  const found = find(effective, path.replace(UPLOAD, ''), door);
  if (found !== null) {
    return { kind: 'method', ...found, door, httpMethod: effective, path: `${path}${search}` };
  }
  // It would be sent unchanged, and a server that ignores the override would run something that was not judged.
  const isOverridden = OVERRIDES.some((name) => headers[name] !== undefined);
  if (
    !isOverridden &&
    ((passUnknown && OF_API.test(path)) || isHarmless(effective, path) || isMedia(effective, path, search))
  )
    return { kind: 'other' };
  return refused(`the API has no method ${effective} ${path}`);
}

/** Whether a request target is that of batches, however it is written. */
export function isBatch(target: string): boolean {
  const [written = ''] = target.split('?');
  return BATCH.test(canonicalPath(written) ?? '');
}

function find(httpMethod: string, path: string, door: 'json' | 'upload') {
  // A HEAD is answered like a GET, without the body.
  const verb = httpMethod === 'HEAD' ? 'GET' : httpMethod;
  for (const { method, pattern } of PATTERNS) {
    const names = method.httpMethod === verb ? pattern.exec(path)?.slice(1) : undefined;
    if (names === undefined || (door === 'upload' && !method.takesUploads)) continue;
    return { method, names: names.map((name) => decodeURIComponent(name)) };
  }
  return null;
}

/** Preflights run nothing. Outside the API's own paths, reads may go to whatever else the warehouse's host serves. */
function isHarmless(httpMethod: string, path: string): boolean {
  if (httpMethod === 'OPTIONS') return true;
  return READS.has(httpMethod) && !/^\/(?:resumable\/)?(?:upload\/)?bigquery(?:\/|$)/i.test(path);
}

/** Media of an upload whose configuration was judged when it began. Any other kind of upload begins with this request. */
function isMedia(httpMethod: string, path: string, search: string): boolean {
  if (httpMethod !== 'PUT' || !UPLOAD.test(path)) return false;
  const parameters = new URLSearchParams(search.replaceAll(';', '&'));
  const kinds = [...parameters.getAll('uploadType'), ...parameters.getAll('upload_protocol')];
  return parameters.has('upload_id') && kinds.every((kind) => kind === 'resumable');
}

/** Null for a request whose body replaces its query string, which the guard does not read. */
function effectiveMethod(httpMethod: string, headers: IncomingHttpHeaders): string | null {
  const override = OVERRIDES.map((name) => headers[name]).find((value) => value !== undefined);
  if (override === undefined) return httpMethod;
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
  return isForm ? null : String(override).trim().toUpperCase();
}

function refused(why: string): Route {
  return { kind: 'refused', why };
}

/** Removes the override from a request's headers once it has been applied. */
export function dropOverrides(headers: IncomingHttpHeaders): void {
  for (const name of OVERRIDES) delete headers[name];
}
