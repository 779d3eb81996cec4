import { expect, test } from 'vitest';
import { outsideServices } from '../../../src/policy/facts/outside-services.ts';

test.each([
  'AI.GENERATE',
  'AI.IF',
  'AI.SOMETHING_NEW',
  'ML.GENERATE_TEXT',
  'ML.GENERATE_EMBEDDING',
  'ML.PREDICT',
  'ML.TRANSLATE',
  'ML.PROCESS_DOCUMENT',
  'ML.SOMETHING_NEW',
  'EXTERNAL_QUERY',
  'ST_REGIONSTATS',
])('%s may have its work done and billed by another service', (name) => {
  expect(outsideServices([name])).toEqual([name]);
});

test.each([
  'ABS',
  'NET.HOST',
  'AI.FORECAST',
  'AI.DETECT_ANOMALIES',
  'ML.BUCKETIZE',
  'ML.DISTANCE',
  'VECTOR_SEARCH',
  'P.AI.GENERATE',
  'AI',
  'SHOP.ML.PREDICT',
])('%s is not taken for one of those', (name) => {
  expect(outsideServices([name])).toEqual([]);
});
