/** What the guard does with a request. */
export type MethodClass =
  /** Holds SQL: priced, judged, reserved, settled, recorded. */
  | { readonly kind: 'guarded'; readonly method: 'jobs.query' | 'jobs.insert'; readonly projectId: string }
  /** Goes through as it is. */
  | { readonly kind: 'passed' }
  /** Could carry SQL around the guard, so it is not let through. */
  | { readonly kind: 'refused'; readonly why: string };

const JOBS_QUERY = /^\/bigquery\/v2\/projects\/([^/]+)\/queries$/;
const JOBS_INSERT = /^\/bigquery\/v2\/projects\/([^/]+)\/jobs$/;
/** Media uploads and batches can hold query configurations in forms that the guard does not read. */
const UNREADABLE_WAYS_IN = /^(?:\/resumable)?\/upload\/|^\/batch(?:\/|$)/i;
/** Anything but plain path characters: percent-encodings, doubled slashes and dot segments name one thing twice. */
const CROOKED_PATH = /%|\/\/|\/\.{1,2}(?:\/|$)|[\\;]/;
/** Case matters in the API's paths, but a lenient server may not mind: nothing that only differs in case passes. */
const GUARDED_BUT_FOR_CASE = /^\/bigquery\/v2\/projects\/[^/]+\/(?:queries|jobs)\/?$/i;

/**
 * Which class a request is of. Query and insert are guarded; paths that a server may read in two ways, method
 * overrides, uploads and batches are refused; everything else passes.
 * @param path the request target without its query string, as it came over the wire
 */
export function classify(
  httpMethod: string,
  path: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): MethodClass {
  if (headers['x-http-method-override'] !== undefined) {
    return { kind: 'refused', why: 'X-HTTP-Method-Override is not taken: send the method itself' };
  }
  if (UNREADABLE_WAYS_IN.test(path)) {
    return {
      kind: 'refused',
      why: 'uploads and batches are not taken: send each job by jobs.insert as JSON',
    };
  }
  if (httpMethod !== 'POST') return { kind: 'passed' };
  if (CROOKED_PATH.test(path)) {
    return {
      kind: 'refused',
      why: 'the path is not in its plain form: send it without encodings, dots or doubled slashes',
    };
  }
  return classifyPost(path);
}

function classifyPost(path: string): MethodClass {
  const query = JOBS_QUERY.exec(path)?.[1];
  if (query !== undefined) return { kind: 'guarded', method: 'jobs.query', projectId: query };
  const insert = JOBS_INSERT.exec(path)?.[1];
  if (insert !== undefined) return { kind: 'guarded', method: 'jobs.insert', projectId: insert };
  if (GUARDED_BUT_FOR_CASE.test(path)) {
    return {
      kind: 'refused',
      why: `the API has no method at ${path}; its paths are in lower case, without a slash at the end`,
    };
  }
  return { kind: 'passed' };
}
