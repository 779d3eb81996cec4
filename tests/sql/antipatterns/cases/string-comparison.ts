import type { CaseTable } from './case-table.ts';

export const stringComparison: CaseTable = {
  found: [
    "SELECT body FROM atendimento.messages WHERE «CAST(ticket_id AS STRING) = '42'»",
    "SELECT body FROM d.t WHERE a = 1 AND «FORMAT_DATE('%Y-%m', day) >= '2026-01'» AND b = 2",
    "/* 👍 */ SELECT '👍' FROM d.t WHERE «SUBSTR(CAST(t.at AS STRING), 1, 7) = '2026-01'» OR b",
    "SELECT body FROM d.t WHERE «'2026-01-01' <= FORMAT_TIMESTAMP('%F', `at`)»",
    'SELECT a.x FROM d.a a JOIN d.b b ON «CAST(a.i AS STRING) = CAST(b.i AS STRING)»',
    "SELECT x FROM d.t WHERE «CAST(i AS STRING) IN ('1', '2')»",
    "SELECT x FROM d.t WHERE («SAFE_CAST(day AS STRING) BETWEEN '2026-01-01' AND '2026-01-31'») AND y = 1",
  ],
  notFound: [
    'SELECT body FROM atendimento.messages WHERE ticket_id = 42',
    "SELECT body FROM atendimento.messages WHERE sender = '42'",
    "SELECT body FROM d.t WHERE FORMAT_DATE('%A', day) = 'Monday'",
    "SELECT CAST(ticket_id AS STRING) = '42' AS is_it FROM d.t",
    "SELECT body FROM d.t WHERE CAST(payload AS STRING) = 'yes'",
    'SELECT a.x FROM d.a a JOIN d.b b ON CAST(a.i AS STRING) = b.name',
    "SELECT body FROM d.t WHERE note = \"CAST(i AS STRING) = '42'\" -- CAST(i AS STRING) = '42'",
    "SELECT body FROM d.t WHERE CAST(i AS STRING) LIKE '4%'",
    "SELECT FORMAT_DATE('%Y-%m', day) AS month FROM d.t GROUP BY month",
    "SELECT body FROM d.t WHERE CAST('42' AS STRING) = '42'",
  ],
};
