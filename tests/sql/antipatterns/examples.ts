import type { AntiPatternName } from '../../../src/vocabulary/antipatterns/antipattern.ts';

/** What an anti-pattern costs most: bytes billed, slot time, cached results, or bytes stored. */
export type AntiPatternCost = 'bytes' | 'slots' | 'cache' | 'storage';

/** An example of an anti-pattern, and what to write instead. */
export interface AntiPatternExample {
  readonly costs: AntiPatternCost;
  /** Whether `after` gives the same result as `before`. */
  readonly result: 'same' | 'changed';
  readonly before: string;
  readonly after: string;
  /** Google's page that describes it; null if it is guardrail's own rule. */
  readonly source: string | null;
}

const DOCS = 'https://cloud.google.com/bigquery/docs';
const COMPUTE = `${DOCS}/best-practices-performance-compute`;
const COSTS = `${DOCS}/best-practices-costs`;
/** Google's own list of anti-patterns, for those that its documentation does not describe. */
const RECOGNITION = 'https://github.com/GoogleCloudPlatform/bigquery-antipattern-recognition';
const PARTITIONS = `${DOCS}/querying-partitioned-tables`;

/** By name. The tables are those of the sandbox: `atendimento.messages` is partitioned by `created_at`. */
export const ANTI_PATTERN_EXAMPLES: Readonly<Record<AntiPatternName, AntiPatternExample>> = {
  'select-star': {
    costs: 'bytes',
    result: 'changed',
    before: 'SELECT * FROM atendimento.messages',
    after: 'SELECT ticket_id, sender FROM atendimento.messages',
    source: COSTS,
  },
  'select-distinct-star': {
    costs: 'bytes',
    result: 'changed',
    before: 'SELECT DISTINCT * FROM atendimento.messages',
    after: 'SELECT DISTINCT ticket_id, sender FROM atendimento.messages',
    source: COSTS,
  },
  'no-partition-filter': {
    costs: 'bytes',
    result: 'changed',
    before: "SELECT ticket_id FROM atendimento.messages WHERE sender = 'agent'",
    after:
      "SELECT ticket_id FROM atendimento.messages\nWHERE sender = 'agent'\n  AND created_at >= '2026-01-01' AND created_at < '2026-02-01'",
    source: PARTITIONS,
  },
  'function-around-partition-column': {
    costs: 'bytes',
    result: 'same',
    before:
      "SELECT ticket_id FROM atendimento.messages\nWHERE FORMAT_TIMESTAMP('%Y-%m', created_at) = '2026-01'",
    after:
      "SELECT ticket_id FROM atendimento.messages\nWHERE created_at >= '2026-01-01' AND created_at < '2026-02-01'",
    source: PARTITIONS,
  },
  'dynamic-predicate': {
    costs: 'bytes',
    result: 'same',
    before:
      'SELECT ticket_id FROM atendimento.messages\nWHERE created_at >= (SELECT MAX(paid_at) FROM finops.payments)',
    after: 'SELECT ticket_id FROM atendimento.messages\nWHERE created_at >= @last_paid_at',
    source: PARTITIONS,
  },
  'unbounded-date-range': {
    costs: 'bytes',
    result: 'changed',
    before: "SELECT ticket_id FROM atendimento.messages\nWHERE created_at >= '2024-01-01'",
    after:
      'SELECT ticket_id FROM atendimento.messages\nWHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)',
    source: null,
  },
  'no-table-suffix-filter': {
    costs: 'bytes',
    result: 'changed',
    before: 'SELECT event_name FROM `analytics.events_*`',
    after:
      "SELECT event_name FROM `analytics.events_*`\nWHERE _TABLE_SUFFIX BETWEEN '20260101' AND '20260131'",
    source: `${DOCS}/querying-wildcard-tables`,
  },
  'no-job-time-filter': {
    costs: 'bytes',
    result: 'changed',
    before: 'SELECT user_email, total_bytes_billed FROM `region-us`.INFORMATION_SCHEMA.JOBS',
    after:
      'SELECT user_email, total_bytes_billed FROM `region-us`.INFORMATION_SCHEMA.JOBS\nWHERE creation_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)',
    source: `${DOCS}/information-schema-jobs`,
  },
  'limit-saves-no-bytes': {
    costs: 'bytes',
    result: 'changed',
    before: 'SELECT body FROM atendimento.messages LIMIT 10',
    after: "SELECT body FROM atendimento.messages\nWHERE DATE(created_at) = '2026-01-31'\nLIMIT 10",
    source: COSTS,
  },
  'not-cacheable': {
    costs: 'cache',
    result: 'same',
    before: 'SELECT COUNT(ticket_id) FROM atendimento.messages\nWHERE DATE(created_at) = CURRENT_DATE()',
    after: "SELECT COUNT(ticket_id) FROM atendimento.messages\nWHERE DATE(created_at) = '2026-01-31'",
    source: `${DOCS}/cached-results`,
  },
  'cross-join': {
    costs: 'slots',
    result: 'changed',
    before: 'SELECT m.sender, t.status\nFROM atendimento.messages AS m, atendimento.tickets AS t',
    after:
      'SELECT m.sender, t.status\nFROM atendimento.messages AS m\nJOIN atendimento.tickets AS t ON m.ticket_id = t.ticket_id',
    source: COMPUTE,
  },
  'join-order': {
    costs: 'slots',
    result: 'same',
    before:
      'SELECT m.sender, a.name\nFROM atendimento.agents AS a\nJOIN atendimento.messages AS m ON m.agent_id = a.agent_id',
    after:
      'SELECT m.sender, a.name\nFROM atendimento.messages AS m\nJOIN atendimento.agents AS a ON m.agent_id = a.agent_id',
    source: COMPUTE,
  },
  'semi-join-without-aggregation': {
    costs: 'slots',
    result: 'same',
    before:
      'SELECT status FROM atendimento.tickets\nWHERE ticket_id IN (SELECT ticket_id FROM atendimento.messages)',
    after:
      'SELECT status FROM atendimento.tickets\nWHERE ticket_id IN (SELECT DISTINCT ticket_id FROM atendimento.messages)',
    source: RECOGNITION,
  },
  'cte-read-more-than-once': {
    costs: 'slots',
    result: 'same',
    before:
      'WITH days AS (\n  SELECT DATE(created_at) AS day, ticket_id FROM atendimento.messages\n)\nSELECT COUNT(a.ticket_id)\nFROM days AS a\nJOIN days AS b ON a.day = b.day',
    after:
      'CREATE TEMP TABLE days AS\n  SELECT DATE(created_at) AS day, ticket_id FROM atendimento.messages;\nSELECT COUNT(a.ticket_id)\nFROM days AS a\nJOIN days AS b ON a.day = b.day;\nDROP TABLE days;',
    source: COMPUTE,
  },
  'order-by-without-limit': {
    costs: 'slots',
    result: 'changed',
    before: 'SELECT ticket_id, created_at FROM atendimento.messages ORDER BY created_at DESC',
    after: 'SELECT ticket_id, created_at FROM atendimento.messages ORDER BY created_at DESC LIMIT 1000',
    source: COMPUTE,
  },
  'latest-record-by-analytic-function': {
    costs: 'slots',
    result: 'same',
    before:
      'SELECT ticket_id, sender\nFROM (\n  SELECT ticket_id, sender,\n    ROW_NUMBER() OVER (PARTITION BY ticket_id ORDER BY created_at DESC) AS rn\n  FROM atendimento.messages\n)\nWHERE rn = 1',
    after:
      'SELECT ticket_id, MAX_BY(sender, created_at) AS sender\nFROM atendimento.messages\nGROUP BY ticket_id',
    source: `${DOCS}/best-practices-performance-functions`,
  },
  'exact-count-distinct': {
    costs: 'slots',
    result: 'changed',
    before: 'SELECT COUNT(DISTINCT ticket_id) FROM atendimento.messages',
    after: 'SELECT APPROX_COUNT_DISTINCT(ticket_id) FROM atendimento.messages',
    source: COMPUTE,
  },
  'regexp-where-like-serves': {
    costs: 'slots',
    result: 'same',
    before: "SELECT ticket_id FROM atendimento.messages WHERE REGEXP_CONTAINS(body, '.*refund.*')",
    after: "SELECT ticket_id FROM atendimento.messages WHERE body LIKE '%refund%'",
    source: RECOGNITION,
  },
  'string-comparison': {
    costs: 'slots',
    result: 'same',
    before: "SELECT body FROM atendimento.messages WHERE CAST(ticket_id AS STRING) = '42'",
    after: 'SELECT body FROM atendimento.messages WHERE ticket_id = 42',
    source: null,
  },
  'filter-order': {
    costs: 'slots',
    result: 'same',
    before: "SELECT ticket_id FROM atendimento.messages\nWHERE body LIKE '%refund%' AND sender = 'agent'",
    after: "SELECT ticket_id FROM atendimento.messages\nWHERE sender = 'agent' AND body LIKE '%refund%'",
    source: RECOGNITION,
  },
  'temporary-table-not-dropped': {
    costs: 'storage',
    result: 'same',
    before:
      'CREATE TEMP TABLE days AS SELECT DISTINCT DATE(created_at) AS day FROM atendimento.messages;\nSELECT COUNT(day) FROM days;',
    after:
      'CREATE TEMP TABLE days AS SELECT DISTINCT DATE(created_at) AS day FROM atendimento.messages;\nSELECT COUNT(day) FROM days;\nDROP TABLE days;',
    source: RECOGNITION,
  },
  'persistent-table-dropped': {
    costs: 'storage',
    result: 'same',
    before:
      'CREATE TABLE atendimento.days AS SELECT DISTINCT DATE(created_at) AS day FROM atendimento.messages;\nSELECT COUNT(day) FROM atendimento.days;\nDROP TABLE atendimento.days;',
    after:
      'CREATE TEMP TABLE days AS SELECT DISTINCT DATE(created_at) AS day FROM atendimento.messages;\nSELECT COUNT(day) FROM days;\nDROP TABLE days;',
    source: RECOGNITION,
  },
};
