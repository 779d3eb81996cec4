import type { CaseTable } from './case-table.ts';

export const noJobTimeFilter: CaseTable = {
  found: [
    'SELECT job_id FROM «`region-us`.INFORMATION_SCHEMA.JOBS»',
    "SELECT * FROM «`region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT» WHERE state = 'DONE'",
    'SELECT user_email, SUM(total_bytes_billed) FROM «p.`region-us`.INFORMATION_SCHEMA.JOBS_BY_ORGANIZATION» GROUP BY user_email',
    'SELECT job_id FROM «`p`.`region-us`.INFORMATION_SCHEMA.JOBS» AS j',
    'SELECT query FROM «`region-us`.information_schema.jobs» ORDER BY creation_time DESC LIMIT 10',
    "SELECT period_slot_ms FROM «`region-us`.INFORMATION_SCHEMA.JOBS_TIMELINE» WHERE period_start > '2026-01-01'",
    "SELECT query FROM «`region-us`.INFORMATION_SCHEMA.JOBS» WHERE job_id = 'a'",
    'SELECT query FROM «`region-us`.INFORMATION_SCHEMA.JOBS» WHERE creation_time IS NOT NULL',
    "SELECT j.query FROM «`region-us`.INFORMATION_SCHEMA.JOBS» AS j JOIN `region-us`.INFORMATION_SCHEMA.JOBS_TIMELINE AS t USING (job_id) WHERE t.job_creation_time > '2026-01-01'",
  ],
  notFound: [
    "SELECT job_id FROM `region-us`.INFORMATION_SCHEMA.JOBS WHERE creation_time >= '2026-01-01'",
    'SELECT job_id FROM `region-us`.INFORMATION_SCHEMA.JOBS_BY_USER WHERE DATE(creation_time) = CURRENT_DATE()',
    'SELECT job_id FROM `region-us`.INFORMATION_SCHEMA.JOBS AS j WHERE j.creation_time BETWEEN @from AND @to',
    'SELECT query FROM (SELECT * FROM `region-us`.INFORMATION_SCHEMA.JOBS) AS source WHERE source.creation_time > @from',
    "SELECT period_slot_ms FROM `region-us`.INFORMATION_SCHEMA.JOBS_TIMELINE_BY_PROJECT WHERE job_creation_time > '2026-01-01'",
    'SELECT COUNT(*) FROM `region-us`.INFORMATION_SCHEMA.JOBS',
    'SELECT table_name FROM atendimento.INFORMATION_SCHEMA.TABLES',
    'SELECT jobs.id FROM atendimento.jobs AS jobs WHERE id = 1',
  ],
};
