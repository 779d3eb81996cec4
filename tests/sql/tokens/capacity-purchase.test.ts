import { expect, test } from 'vitest';
import { capacityPurchase } from '../../../src/sql/tokens/capacity-purchase.ts';

test.each([
  ['CREATE CAPACITY `admin.region-us.year` OPTIONS (slot_count = 100, plan = "ANNUAL")', 'CREATE CAPACITY'],
  [
    'create /* slots */ reservation `admin.region-us.prod` OPTIONS (slot_capacity = 100)',
    'CREATE RESERVATION',
  ],
  [
    'SELECT 1; ALTER RESERVATION `admin.region-us.prod` SET OPTIONS (slot_capacity = 900)',
    'ALTER RESERVATION',
  ],
  ['BEGIN ALTER BI_CAPACITY `p.region-us.default` SET OPTIONS (size_gb = 250); END', 'ALTER BI_CAPACITY'],
  ['-- year\nALTER CAPACITY `admin.region-us.year` SET OPTIONS (plan = "ANNUAL")', 'ALTER CAPACITY'],
])('is found at the beginning of any statement: %s', (sql, purchase) => {
  expect(capacityPurchase(sql)).toBe(purchase);
});

test.each([
  'DROP CAPACITY `admin.region-us.year`',
  'SELECT alter reservation FROM hotel.bookings',
  "SELECT 'CREATE CAPACITY' AS text -- CREATE CAPACITY",
  'CREATE TABLE d.capacity AS SELECT reservation FROM d.t',
  'SELECT CASE WHEN a THEN `alter` END reservation FROM d.t',
])('is not seen in other statements: %s', (sql) => {
  expect(capacityPurchase(sql)).toBeNull();
});

test('is found in SQL that is too long to tokenise', () => {
  const long = `SELECT ${'1, '.repeat(20_000)} 2 AS reservation FROM d.t`;

  expect(capacityPurchase(`${long};\n  Create  Capacity \`a.b.c\` OPTIONS (slot_count = 100)`)).toBe(
    'CREATE CAPACITY',
  );
  expect(capacityPurchase(`${long}; CREATE TABLE d.reservation (a INT64)`)).toBeNull();
});
