import type { CaseTable } from './case-table.ts';

export const latestRecordByAnalyticFunction: CaseTable = {
  found: [
    'SELECT a FROM (SELECT a, «ROW_NUMBER() OVER (PARTITION BY id ORDER BY at DESC) AS rn» FROM d.t) WHERE rn = 1',
    'WITH ranked AS (SELECT *, «RANK() OVER (PARTITION BY id ORDER BY at DESC) r» FROM d.t) SELECT a FROM ranked WHERE 1 = r AND a > 2',
    "/* 👍 */ SELECT '👍', q.a FROM (SELECT «row_number() over(partition by id, b order by at) `Rn`», a FROM d.t) q JOIN d.u USING (a) WHERE (q.rn = 1)",
    'SELECT a FROM (SELECT a, «ROW_NUMBER() OVER (PARTITION BY id ORDER BY at) AS rn» FROM d.t) WHERE rn <= 1',
    'SELECT a FROM (SELECT a, «ROW_NUMBER() OVER (PARTITION BY id ORDER BY at) AS rn» FROM d.t) WHERE rn < 2',
    'CREATE TABLE d.x AS SELECT a FROM (SELECT a, «DENSE_RANK() OVER (PARTITION BY id ORDER BY at) AS rn» FROM d.t) WHERE rn = 1',
  ],
  notFound: [
    'SELECT a, ROW_NUMBER() OVER (PARTITION BY id ORDER BY at DESC) AS rn FROM d.t',
    'SELECT a FROM (SELECT a, ROW_NUMBER() OVER (PARTITION BY id ORDER BY at DESC) AS rn FROM d.t) WHERE a = 1',
    'SELECT a FROM (SELECT a, ROW_NUMBER() OVER (PARTITION BY id ORDER BY at DESC) AS rn FROM d.t) WHERE rn <= 3',
    'SELECT a FROM d.t WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY at DESC) = 1',
    'SELECT a FROM (SELECT a, ROW_NUMBER() OVER (ORDER BY at DESC) AS rn FROM d.t) WHERE rn = 1',
    'SELECT a FROM (SELECT a, 1 AS rn FROM d.t) WHERE rn = 1',
    'SELECT a FROM (SELECT a, ROW_NUMBER() OVER (PARTITION BY id ORDER BY at) AS rn FROM d.t) q JOIN d.u ON TRUE WHERE u.rn = 1',
    "SELECT a FROM (SELECT a, 'ROW_NUMBER() OVER (PARTITION BY id ORDER BY at)' AS rn FROM d.t) WHERE rn = '1'",
    'SELECT a FROM (SELECT a, SUM(b) OVER (PARTITION BY id ORDER BY at) AS rn FROM d.t) WHERE rn = 1',
    'SELECT a FROM (SELECT a, ROW_NUMBER() OVER (PARTITION BY id ORDER BY at) AS rn FROM d.t) WHERE rn = 1 OR a = 2',
  ],
};
