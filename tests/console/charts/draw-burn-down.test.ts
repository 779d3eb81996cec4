import { expect, test } from 'vitest';
import { drawBurnDown } from '../../../src/console/charts/draw-burn-down.ts';
import { budget, bytesLimit, noon } from '../../budget/builders.ts';

const HOUR_MS = 3_600_000;
const startMs = noon - 12 * HOUR_MS;

test('a burn-down is drawn without inline styles, and with IDs of its own', () => {
  const balance = {
    budget: budget({ limit: bytesLimit(1000n) }),
    account: '',
    window: { key: '2026-11-24', startMs, endMs: startMs + 24 * HOUR_MS },
    limit: 1000n,
    granted: 0n,
    used: 300n,
    reserved: 50n,
  };
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
