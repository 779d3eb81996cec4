/**
 * What the guard does with a method of the API:
 * - `guarded`: may hold SQL; each query is priced, judged, reserved, settled and recorded.
 * - `settled`: reports a job that may be the guard's; passed through unchanged, and its job is looked at.
 * - `passed`: passed through unchanged.
 */
type MethodClass = 'guarded' | 'settled' | 'passed';

export interface Method {
  /** As in the API's own description, without `bigquery.`. */
  readonly id: string;
  readonly httpMethod: string;
  /** Below `/bigquery/v2/`; `*` is one segment, which callers name. */
  readonly path: string;
  readonly class: MethodClass;
  /** If it also accepts media, under the same path below `/upload/bigquery/v2/`. */
  readonly takesUploads?: true;
}

const DATASET = 'projects/*/datasets/*';
const TABLE = `${DATASET}/tables/*`;
const ROUTINE = `${DATASET}/routines/*`;
const ROW_ACCESS = `${TABLE}/rowAccessPolicies`;

/**
 * Every method of BigQuery's REST API, version 2. What is not listed here does not exist in the API; it is refused,
 * since a method added later could run SQL.
 * @see https://cloud.google.com/bigquery/docs/reference/rest
 */
export const METHODS: readonly Method[] = [
  { id: 'jobs.query', httpMethod: 'POST', path: 'projects/*/queries', class: 'guarded' },
  { id: 'jobs.insert', httpMethod: 'POST', path: 'projects/*/jobs', class: 'guarded', takesUploads: true },

  { id: 'jobs.get', httpMethod: 'GET', path: 'projects/*/jobs/*', class: 'settled' },
  { id: 'jobs.getQueryResults', httpMethod: 'GET', path: 'projects/*/queries/*', class: 'settled' },
  { id: 'jobs.cancel', httpMethod: 'POST', path: 'projects/*/jobs/*/cancel', class: 'settled' },

  { id: 'jobs.list', httpMethod: 'GET', path: 'projects/*/jobs', class: 'passed' },
  { id: 'jobs.delete', httpMethod: 'DELETE', path: 'projects/*/jobs/*/delete', class: 'passed' },
  { id: 'projects.list', httpMethod: 'GET', path: 'projects', class: 'passed' },
  { id: 'projects.getServiceAccount', httpMethod: 'GET', path: 'projects/*/serviceAccount', class: 'passed' },

  { id: 'datasets.list', httpMethod: 'GET', path: 'projects/*/datasets', class: 'passed' },
  { id: 'datasets.insert', httpMethod: 'POST', path: 'projects/*/datasets', class: 'passed' },
  { id: 'datasets.get', httpMethod: 'GET', path: DATASET, class: 'passed' },
  { id: 'datasets.update', httpMethod: 'PUT', path: DATASET, class: 'passed' },
  { id: 'datasets.patch', httpMethod: 'PATCH', path: DATASET, class: 'passed' },
  { id: 'datasets.delete', httpMethod: 'DELETE', path: DATASET, class: 'passed' },
  { id: 'datasets.undelete', httpMethod: 'POST', path: `${DATASET}:undelete`, class: 'passed' },

  // A view contains SQL but runs none: whoever queries it pays for what it reads. BigQuery itself refreshes a
  // materialized view, whoever creates it: that costs, but never passes through here.
  { id: 'tables.list', httpMethod: 'GET', path: `${DATASET}/tables`, class: 'passed' },
  { id: 'tables.insert', httpMethod: 'POST', path: `${DATASET}/tables`, class: 'passed' },
  { id: 'tables.get', httpMethod: 'GET', path: TABLE, class: 'passed' },
  { id: 'tables.update', httpMethod: 'PUT', path: TABLE, class: 'passed' },
  { id: 'tables.patch', httpMethod: 'PATCH', path: TABLE, class: 'passed' },
  { id: 'tables.delete', httpMethod: 'DELETE', path: TABLE, class: 'passed' },
  { id: 'tables.getIamPolicy', httpMethod: 'POST', path: `${TABLE}:getIamPolicy`, class: 'passed' },
  { id: 'tables.setIamPolicy', httpMethod: 'POST', path: `${TABLE}:setIamPolicy`, class: 'passed' },
  {
    id: 'tables.testIamPermissions',
    httpMethod: 'POST',
    path: `${TABLE}:testIamPermissions`,
    class: 'passed',
  },
  { id: 'tabledata.list', httpMethod: 'GET', path: `${TABLE}/data`, class: 'passed' },
  { id: 'tabledata.insertAll', httpMethod: 'POST', path: `${TABLE}/insertAll`, class: 'passed' },

  // A table function or procedure contains SQL, but runs none until a query calls it.
  { id: 'routines.list', httpMethod: 'GET', path: `${DATASET}/routines`, class: 'passed' },
  { id: 'routines.insert', httpMethod: 'POST', path: `${DATASET}/routines`, class: 'passed' },
  { id: 'routines.get', httpMethod: 'GET', path: ROUTINE, class: 'passed' },
  { id: 'routines.update', httpMethod: 'PUT', path: ROUTINE, class: 'passed' },
  { id: 'routines.delete', httpMethod: 'DELETE', path: ROUTINE, class: 'passed' },
  { id: 'routines.getIamPolicy', httpMethod: 'POST', path: `${ROUTINE}:getIamPolicy`, class: 'passed' },
  { id: 'routines.setIamPolicy', httpMethod: 'POST', path: `${ROUTINE}:setIamPolicy`, class: 'passed' },
  {
    id: 'routines.testIamPermissions',
    httpMethod: 'POST',
    path: `${ROUTINE}:testIamPermissions`,
    class: 'passed',
  },

  { id: 'models.list', httpMethod: 'GET', path: `${DATASET}/models`, class: 'passed' },
  { id: 'models.get', httpMethod: 'GET', path: `${DATASET}/models/*`, class: 'passed' },
  { id: 'models.patch', httpMethod: 'PATCH', path: `${DATASET}/models/*`, class: 'passed' },
  { id: 'models.delete', httpMethod: 'DELETE', path: `${DATASET}/models/*`, class: 'passed' },

  { id: 'rowaccesspolicies.list', httpMethod: 'GET', path: ROW_ACCESS, class: 'passed' },
  { id: 'rowaccesspolicies.insert', httpMethod: 'POST', path: ROW_ACCESS, class: 'passed' },
  {
    id: 'rowaccesspolicies.batchDelete',
    httpMethod: 'POST',
    path: `${ROW_ACCESS}:batchDelete`,
    class: 'passed',
  },
  { id: 'rowaccesspolicies.get', httpMethod: 'GET', path: `${ROW_ACCESS}/*`, class: 'passed' },
  { id: 'rowaccesspolicies.update', httpMethod: 'PUT', path: `${ROW_ACCESS}/*`, class: 'passed' },
  { id: 'rowaccesspolicies.delete', httpMethod: 'DELETE', path: `${ROW_ACCESS}/*`, class: 'passed' },
  {
    id: 'rowaccesspolicies.getIamPolicy',
    httpMethod: 'POST',
    path: `${ROW_ACCESS}/*:getIamPolicy`,
    class: 'passed',
  },
  {
    id: 'rowaccesspolicies.testIamPermissions',
    httpMethod: 'POST',
    path: `${ROW_ACCESS}/*:testIamPermissions`,
    class: 'passed',
  },
];
