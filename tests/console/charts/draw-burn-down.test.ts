import { expect, test } from 'vitest';
import { drawBurnDown } from '../../../src/console/charts/draw-burn-down.ts';
import { noon } from '../../budget/builders.ts';
import { balance, startMs } from './builders.ts';

test('a burn-down is drawn without inline styles, and with IDs of its own', () => {
  const points = [
    { atMs: startMs, left: 1000n },
    { atMs: noon, left: 650n },
  ];

  const svg = drawBurnDown({
    burnDown: { balance, points, leftAtEnd: -1000n, nowMs: noon },
    id: 'budget-1',
    language: 'en',
  });

  expect(svg).not.toMatch(/<style| style="|ecmeta|zr\d/);
  expect(svg).toContain('var(--c6)');
  expect(svg).toContain('id="budget-1-');
});

test('an axis that goes below zero says by how much a budget is overspent', () => {
  const points = [
    { atMs: startMs, left: 1000n },
    { atMs: noon, left: -1000n },
  ];

  const svg = drawBurnDown({
    burnDown: { balance, points, leftAtEnd: null, nowMs: noon },
    id: 'budget-1',
    language: 'en',
  });

  expect(svg).toMatch(/>−[\d,]+ B</);
});

test('the time axis of a day has a label every six hours, in the time zone of the budget', () => {
  const points = [{ atMs: startMs, left: 1000n }];

  const svg = drawBurnDown({
    burnDown: { balance, points, leftAtEnd: null, nowMs: noon },
    id: 'budget-1',
    language: 'en',
  });

  expect([...svg.matchAll(/>(\d\d:\d\d)</g)].map(([, label]) => label)).toEqual([
    '00:00',
    '06:00',
    '12:00',
    '18:00',
    '00:00',
  ]);
});
