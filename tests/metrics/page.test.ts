import { expect, test } from 'vitest';
import { LABEL_SOURCES, metricsPage, ownMetrics } from './page.ts';

test('the page in docs is what the registry makes', async () => {
  await expect(metricsPage()).toMatchFileSnapshot('../../docs/metrics.md');
});

test('every label that a metric has is told where its values come from, and no other', () => {
  const labels = new Set(ownMetrics().flatMap(({ labelNames }) => labelNames));

  expect([...labels].toSorted()).toEqual(Object.keys(LABEL_SOURCES).toSorted());
});
