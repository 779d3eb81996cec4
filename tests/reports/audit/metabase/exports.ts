import { stringify } from 'yaml';

export const nowMs = Date.UTC(2026, 10, 25);
export const DB = 'BigQuery';

const meta = (model: string, id: string) => ({
  entity_id: id,
  'serdes/meta': [{ id, label: id, model }],
});

export const native = (sql: string, tags: unknown = {}) => ({
  database: DB,
  'lib/type': 'mbql/query',
  stages: [{ 'lib/type': 'mbql.stage/native', native: sql, 'template-tags': tags }],
});

export const yamlCard = (id: string, changes: object = {}) => ({
  path: `collections/main/${id}.yaml`,
  text: stringify({ name: `card ${id}`, ...meta('Card', id), dataset_query: native('SELECT 1'), ...changes }),
});

export const yamlDashboard = (changes: object) => ({
  path: 'collections/main/d.yaml',
  text: stringify({ name: 'D', ...meta('Dashboard', 'd'), parameters: [], dashcards: [], ...changes }),
});

export const json = (path: string, body: unknown) => ({ path, text: JSON.stringify(body) });

export const apiCard = (id: number, changes: object = {}) => ({
  id,
  name: `card ${id}`,
  dataset_query: native('SELECT 1'),
  ...changes,
});
