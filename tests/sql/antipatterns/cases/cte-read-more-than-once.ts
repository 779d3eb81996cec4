import type { CaseTable } from './case-table.ts';

export const cteReadMoreThanOnce: CaseTable = {
  found: [
    'WITH «c» AS (SELECT a FROM d.t) SELECT x.a FROM c AS x JOIN c AS y USING (a)',
    'WITH «a» AS (SELECT i FROM d.t), b AS (SELECT i FROM a), c AS (SELECT i FROM A) SELECT b.i FROM b, c',
    "/* 👍 */ WITH «`c`» AS (SELECT a, '👍' FROM d.t) SELECT a FROM c UNION ALL SELECT a FROM c",
    'WITH «c» AS (SELECT a FROM d.t) SELECT a FROM d.u WHERE a IN (SELECT a FROM c) OR b IN (SELECT a FROM c)',
    'SELECT a FROM (WITH «c» AS (SELECT a FROM d.t) SELECT x.a FROM c x, c y WHERE x.a = y.a)',
    'WITH «t» AS (SELECT a FROM d.t) SELECT x.a FROM t x JOIN t y USING (a)',
  ],
  notFound: [
    'WITH c AS (SELECT a FROM d.t) SELECT a FROM c',
    'WITH c AS (SELECT a FROM d.t) SELECT c.a FROM c JOIN d.c AS other USING (a)',
    'WITH c AS (SELECT 1 AS a) SELECT x.a FROM c AS x JOIN c AS y USING (a)',
    'WITH c AS (SELECT a FROM c) SELECT a FROM c',
    "WITH c AS (SELECT a FROM d.t) SELECT a, 'FROM c' FROM c -- JOIN c",
    'WITH c AS (SELECT a FROM d.t) SELECT a FROM c WHERE a IN (WITH c AS (SELECT b FROM d.u) SELECT b FROM c)',
    'WITH RECURSIVE c AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM c WHERE a < 10), d AS (SELECT a FROM e.t) SELECT c.a FROM c',
    'WITH c AS (SELECT a FROM d.t) SELECT c.a, c.b, c.a + 1 FROM c',
    'WITH a AS (SELECT i FROM d.t), b AS (SELECT i FROM d.u) SELECT a.i FROM a JOIN b USING (i)',
  ],
};
