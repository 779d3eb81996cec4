import { describe, expect, test } from 'vitest';
import { read, useOf } from '../readings.ts';

const namesIn = (sql: string) => read(sql).tables.map(({ table }) => `${table.datasetId}.${table.tableId}`);

describe('a statement about tables is read with the tables that it names:', () => {
  test.each([
    [
      'CREATE TABLE e.t (a INT64 NOT NULL OPTIONS (description = "x"), PRIMARY KEY (a) NOT ENFORCED)',
      ['e.t'],
    ],
    [
      'CREATE OR REPLACE EXTERNAL TABLE e.t (a INT64) WITH PARTITION COLUMNS (d DATE) OPTIONS (format = "CSV")',
      ['e.t'],
    ],
    [
      'CREATE MATERIALIZED VIEW IF NOT EXISTS e.v PARTITION BY day CLUSTER BY c OPTIONS (enable_refresh = true) AS SELECT day, c FROM e.t',
      ['e.v', 'e.t'],
    ],
    [
      'CREATE VIEW e.v (a OPTIONS (description = "x")) OPTIONS (labels = [("a", "b")]) AS (WITH w AS (SELECT a FROM e.t) SELECT a FROM w)',
      ['e.v', 'e.t'],
    ],
    [
      'CREATE SNAPSHOT TABLE IF NOT EXISTS e.s CLONE e.t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP() OPTIONS (labels = [])',
      ['e.s', 'e.t'],
    ],
    ['DROP SNAPSHOT TABLE IF EXISTS e.s', ['e.s']],
    ['DROP EXTERNAL TABLE e.t', ['e.t']],
    ['ALTER TABLE `p.e.t` ALTER COLUMN a SET OPTIONS (description = "x")', ['e.t']],
    [
      'ALTER TABLE e.t SET OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))',
      ['e.t'],
    ],
    ['ALTER TABLE e.t RENAME TO t_old', ['e.t']],
    ['ALTER VIEW IF EXISTS e.v SET OPTIONS (description = "x")', ['e.v']],
    ['ALTER MATERIALIZED VIEW e.v SET OPTIONS (enable_refresh = true)', ['e.v']],
    [
      "GRANT `roles/bigquery.dataViewer` ON TABLE e.t TO 'user:ana@example.com', 'group:x@example.com'",
      ['e.t'],
    ],
    ["REVOKE `roles/bigquery.dataViewer` ON VIEW e.v FROM 'user:ana@example.com'", ['e.v']],
    ["LOAD DATA INTO e.t FROM FILES (format = 'CSV', uris = ['gs://b/x.csv'])", ['e.t']],
    [
      "LOAD DATA OVERWRITE my-project-1.e.t (a INT64) PARTITION BY a OPTIONS (x = 1) FROM FILES (uris = ['gs://b/x'])",
      ['e.t'],
    ],
    ['CREATE SCHEMA IF NOT EXISTS e OPTIONS (location = "EU")', []],
    ['ALTER SCHEMA e SET OPTIONS (default_table_expiration_days = 3)', []],
    ["GRANT `roles/bigquery.dataViewer` ON SCHEMA `p`.e TO 'user:ana@example.com'", []],
    ['DROP TABLE FUNCTION e.f', []],
    [
      'CREATE TEMP AGGREGATE FUNCTION f(x INT64) RETURNS INT64 AS (SUM(x) + (SELECT MAX(a) FROM e.u)); SELECT f(a) FROM e.t',
      ['e.u', 'e.t'],
    ],
    [
      'CREATE TEMP AGGREGATE FUNCTION f(x INT64, y INT64 NOT AGGREGATE) RETURNS INT64 AS (SUM(x) * y); SELECT f(a, 2) FROM e.t',
      ['e.t'],
    ],
    [
      'BEGIN CREATE SCHEMA IF NOT EXISTS e OPTIONS (location = "EU"); EXCEPTION WHEN ERROR THEN SELECT a FROM e.t; END',
      ['e.t'],
    ],
    ['CREATE MATERIALIZED VIEW e.v CLUSTER BY a AS FROM e.t |> SELECT a', ['e.v', 'e.t']],
  ])('%s', (sql, names) => {
    expect(read(sql)).toMatchObject({ reader: 'polyglot', unreadReason: null });
    expect(namesIn(sql)).toEqual(names);
  });
});

test.each([
  ['LOAD DATA INTO e.t FROM FILES (uris = [])', ['t']],
  ['CREATE SNAPSHOT TABLE e.t CLONE e.u', ['t']],
  ['CREATE EXTERNAL TABLE e.t WITH CONNECTION `p.eu.c` OPTIONS (uris = [])', ['t']],
])('what it writes is known: %s', (sql, names) => {
  expect(read(sql).writes?.map(({ tableId }) => tableId)).toEqual(names);
});

test.each([
  ['ALTER VIEW e.v SET OPTIONS (a = 1)', 'ALTER VIEW'],
  ['LOAD DATA INTO e.t FROM FILES (uris = [])', 'LOAD DATA'],
  ["GRANT `roles/x` ON TABLE e.t TO 'user:ana@example.com'", 'GRANT'],
  ['CREATE SNAPSHOT TABLE e.s CLONE e.t', 'CREATE SNAPSHOT TABLE'],
])('it is called by its own name: %s', (sql, statement) => {
  expect(read(sql).statement).toBe(statement);
});

test('the query that fills a table is followed as any other', () => {
  const sql =
    'CREATE MATERIALIZED VIEW e.v PARTITION BY day OPTIONS (a = 1) AS SELECT day, a FROM e.t WHERE day > @d';

  expect(useOf(sql, 'p.e.t')).toMatchObject({ projected: ['day', 'a'], filtered: ['day'], star: false });
});

test.each(['CREATE TABLE e.s CLONE e.t', 'CREATE TABLE e.s COPY e.t', 'CREATE SNAPSHOT TABLE e.s CLONE e.t'])(
  'a table that is copied gives all of its columns, although no star stands there: %s',
  (sql) => {
    expect(useOf(sql, 'p.e.t').star).toBe(true);
    expect(useOf(sql, 'p.e.s').star).toBe(false);
    expect(read(sql).star).toBe(false);
  },
);

describe('what may read or cost more than it says stays unread:', () => {
  test.each([
    "LOAD DATA INTO e.t FROM FILES (uris = ['s3://b/x']) WITH CONNECTION `p.aws.c`",
    'CREATE MATERIALIZED VIEW e.v AS REPLICA OF e.t OPTIONS (a = 1)',
    'ALTER RESERVATION `p.region-eu.r` SET OPTIONS (slot_capacity = 100)',
    'CREATE FUNCTION e.f(x INT64) RETURNS INT64 REMOTE WITH CONNECTION `p.eu.c` OPTIONS (endpoint = "x")',
    'CREATE MODEL e.m OPTIONS (model_type = "kmeans") AS SELECT a FROM e.t',
    'EXPORT MODEL e.m OPTIONS (uri = "gs://b/m")',
    'CREATE PROCEDURE e.f() WITH CONNECTION `p.eu.c` BEGIN SELECT a FROM e.t; END',
    'CREATE TABLE e.t (a INT64 DEFAULT (SELECT MAX(a) FROM e.u) OPTIONS (a = 1))',
    'CREATE TABLE e.t (a INT64 DEFAULT (FROM e.u |> AGGREGATE MAX(a)) OPTIONS (a = 1))',
    'ALTER TABLE e.t ALTER COLUMN a SET OPTIONS (description = (FROM e.u))',
    'CREATE SNAPSHOT TABLE e.s',
  ])('%s', (sql) => {
    expect(read(sql).reader).toBe('none');
  });
});
