import type { RequestHandler } from 'express';
import { notImplemented } from '../../not-implemented.ts';
import { BigQueryError } from '../../warehouse.ts';

const DATASET = 'projects/*/datasets/*';
const TABLE = `${DATASET}/tables/*`;

/**
 * Methods of BigQuery's REST v2 that the sandbox does not implement, with `*` for one path segment.
 * @see https://cloud.google.com/bigquery/docs/reference/rest
 */
const UNSERVED: readonly (readonly [id: string, httpMethod: string, path: string])[] = [
  ['datasets.delete', 'DELETE', DATASET],
  ['datasets.insert', 'POST', 'projects/*/datasets'],
  ['datasets.patch', 'PATCH', DATASET],
  ['datasets.undelete', 'POST', `${DATASET}:undelete`],
  ['datasets.update', 'PUT', DATASET],
  ['jobs.delete', 'DELETE', 'projects/*/jobs/*/delete'],
  ['models.delete', 'DELETE', `${DATASET}/models/*`],
  ['models.get', 'GET', `${DATASET}/models/*`],
  ['models.list', 'GET', `${DATASET}/models`],
  ['models.patch', 'PATCH', `${DATASET}/models/*`],
  ['projects.getServiceAccount', 'GET', 'projects/*/serviceAccount'],
  ['routines.delete', 'DELETE', `${DATASET}/routines/*`],
  ['routines.get', 'GET', `${DATASET}/routines/*`],
  ['routines.insert', 'POST', `${DATASET}/routines`],
  ['routines.list', 'GET', `${DATASET}/routines`],
  ['routines.update', 'PUT', `${DATASET}/routines/*`],
  ['routines.getIamPolicy', 'POST', `${DATASET}/routines/*:getIamPolicy`],
  ['routines.setIamPolicy', 'POST', `${DATASET}/routines/*:setIamPolicy`],
  ['routines.testIamPermissions', 'POST', `${DATASET}/routines/*:testIamPermissions`],
  ['rowAccessPolicies.batchDelete', 'POST', `${TABLE}/rowAccessPolicies:batchDelete`],
  ['rowAccessPolicies.delete', 'DELETE', `${TABLE}/rowAccessPolicies/*`],
  ['rowAccessPolicies.get', 'GET', `${TABLE}/rowAccessPolicies/*`],
  ['rowAccessPolicies.getIamPolicy', 'POST', `${TABLE}/rowAccessPolicies/*:getIamPolicy`],
  ['rowAccessPolicies.insert', 'POST', `${TABLE}/rowAccessPolicies`],
  ['rowAccessPolicies.list', 'GET', `${TABLE}/rowAccessPolicies`],
  ['rowAccessPolicies.testIamPermissions', 'POST', `${TABLE}/rowAccessPolicies/*:testIamPermissions`],
  ['rowAccessPolicies.update', 'PUT', `${TABLE}/rowAccessPolicies/*`],
  ['tabledata.insertAll', 'POST', `${TABLE}/insertAll`],
  ['tables.delete', 'DELETE', TABLE],
  ['tables.getIamPolicy', 'POST', `${TABLE}:getIamPolicy`],
  ['tables.insert', 'POST', `${DATASET}/tables`],
  ['tables.patch', 'PATCH', TABLE],
  ['tables.setIamPolicy', 'POST', `${TABLE}:setIamPolicy`],
  ['tables.testIamPermissions', 'POST', `${TABLE}:testIamPermissions`],
  ['tables.update', 'PUT', TABLE],
];

const PATTERNS = UNSERVED.map(([id, httpMethod, path]) => ({
  id,
  httpMethod,
  pattern: new RegExp(`^/${path.replaceAll('*', '[^/]+')}$`),
}));

/** The last handler under `/bigquery/v2`: 501 for what the API has and the sandbox does not, otherwise 404. */
export function unserved(): RequestHandler {
  return (request) => {
    const method = PATTERNS.find(
      (candidate) => candidate.httpMethod === request.method && candidate.pattern.test(request.path),
    );
    if (method !== undefined) throw notImplemented(`bigquery.${method.id}`);
    throw new BigQueryError(
      404,
      'notFound',
      `Not found: ${request.method} ${request.baseUrl}${request.path}`,
    );
  };
}
