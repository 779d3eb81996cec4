import { PROJECT } from '../guardrail.ts';
import type { RequestSpec } from './exchange.ts';

export const HERE = `/bigquery/v2/projects/${PROJECT}`;
export const ENCODINGS = ['identity', 'gzip', '*;q=0'];

/** A jobs.query without the cache, so that no answer depends on which origin ran it first. */
export function query(body: object, parameters = '', headers: RequestSpec['headers'] = {}): RequestSpec {
  return post(
    `${HERE}/queries${parameters}`,
    { useLegacySql: false, useQueryCache: false, ...body },
    headers,
  );
}

/** A jobs.insert. */
export function insert(configured: object, others: object = {}, parameters = ''): RequestSpec {
  return post(`${HERE}/jobs${parameters}`, {
    configuration: { query: { useLegacySql: false, useQueryCache: false, ...configured }, ...others },
  });
}

function post(target: string, body: object, headers: RequestSpec['headers'] = {}): RequestSpec {
  return {
    method: 'POST',
    target,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
