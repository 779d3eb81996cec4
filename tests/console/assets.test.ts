import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assets } from '../../src/console/assets.ts';

test('every style in the folder is part of the stylesheet that is served', () => {
  const served = assets.style.content.toString();
  const files = readdirSync('src/console/assets').filter((name) => name.endsWith('.css'));

  expect(files.length).toBeGreaterThan(1);
  expect(
    files.filter((name) => !served.includes(readFileSync(`src/console/assets/${name}`, 'utf8'))),
  ).toEqual([]);
});
