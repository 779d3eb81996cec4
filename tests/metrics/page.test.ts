import { expect, test } from 'vitest';
import { LABEL_SOURCES, metricsPage, ownMetrics } from './page.ts';

test('docs/metrics.md is what is generated from the registry', async () => {
  await expect(metricsPage()).toMatchFileSnapshot('../../docs/metrics.md');
});

test('LABEL_SOURCES says for exactly the labels in use where their values come from', () => {
  const labels = new Set(ownMetrics().flatMap(({ labelNames }) => labelNames));

  expect([...labels].toSorted()).toEqual(Object.keys(LABEL_SOURCES).toSorted());
});
