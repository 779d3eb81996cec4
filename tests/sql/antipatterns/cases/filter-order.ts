import type { CaseTable } from './case-table.ts';

export const filterOrder: CaseTable = {
  found: [
    "SELECT body FROM d.t WHERE «body LIKE '%refund%'» AND sender = 'x'",
    "SELECT body FROM d.t WHERE a <> 1 AND «REGEXP_CONTAINS(t.body, r'a|b')» AND t.ticket_id > 5",
    "/* 👍 */ SELECT '👍' FROM d.t WHERE «`body` NOT LIKE '%é%'» AND 3 = i",
    "SELECT a FROM (SELECT body FROM d.t WHERE «CONTAINS_SUBSTR(body, 'x')» AND a IN (1, 2)) WHERE «b LIKE '%asdf%'» AND c = 'd'",
    "SELECT body FROM d.t WHERE («body LIKE '_x'») AND (i BETWEEN 1 AND 2)",
  ],
  notFound: [
    "SELECT body FROM d.t WHERE sender = 'x' AND body LIKE '%refund%'",
    "SELECT body FROM d.t WHERE body LIKE 'refund%' AND sender = 'x'",
    "SELECT body FROM d.t WHERE body LIKE '%refund%' OR sender = 'x'",
    "SELECT body FROM d.t WHERE body LIKE '%a%' AND other LIKE '%b%'",
    "SELECT body FROM d.t WHERE body LIKE '%a%' AND LOWER(sender) = 'x'",
    "SELECT body FROM d.t WHERE note = \"body LIKE '%a%'\" AND sender = 'x'",
    "SELECT body FROM d.t WHERE body LIKE '%a%' AND a = b",
    "SELECT body FROM d.t WHERE body LIKE '%a%' AND (sender = 'x' OR c)",
    "SELECT body LIKE '%a%' AND sender = 'x' AS hit FROM d.t",
  ],
};
