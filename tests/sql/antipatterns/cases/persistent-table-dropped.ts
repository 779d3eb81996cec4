import type { CaseTable } from './case-table.ts';

export const persistentTableDropped: CaseTable = {
  found: [
    '«CREATE TABLE d.x» (a INT64); DROP TABLE d.x',
    '«CREATE OR REPLACE TABLE `p.d.x`» AS SELECT 1; SELECT a FROM p.d.x; DROP TABLE p.d.x;',
    "/* 👍 */ SELECT '👍'; «create table p.d.x» AS (SELECT 1); DROP TABLE IF EXISTS `p`.d.`x`",
    '«CREATE TABLE d.x» AS SELECT 1; CREATE TABLE d.y AS SELECT 2; DROP TABLE d.x',
    'BEGIN «CREATE TABLE d.x» AS SELECT 1; DROP TABLE d.x; END',
  ],
  notFound: [
    'DROP TABLE IF EXISTS d.x; CREATE TABLE d.x AS SELECT 1',
    'CREATE TEMP TABLE x AS SELECT 1; DROP TABLE x',
    'CREATE TABLE d.x AS SELECT 1; DROP TABLE e.x',
    'CREATE TABLE q.d.x AS SELECT 1; DROP TABLE d.x',
    'CREATE TABLE IF NOT EXISTS d.x (a INT64); DROP TABLE d.x',
    'CREATE TABLE d.x AS SELECT 1; DROP TABLE d.x; CREATE TABLE d.x AS SELECT 2',
    "CREATE TABLE d.x AS SELECT 'DROP TABLE d.x' AS s -- DROP TABLE d.x",
    'CREATE VIEW d.x AS SELECT 1; DROP VIEW d.x',
    'CREATE TABLE d.x AS SELECT 1; SELECT a FROM d.x',
  ],
};
