import { expect, test } from 'vitest';
import { assets } from '../../src/console/assets.ts';

const style = assets.style.content.toString();
const palette = style.slice(0, style.indexOf('}'));

test('each colour of the palette has a light and a dark tone', () => {
  const colours = [...palette.matchAll(/^ {2}(--[\w-]+):\s([^;]+);$/gm)];

  expect(colours.length).toBeGreaterThan(20);
  expect(colours.filter(([, , value]) => !value?.includes('light-dark(')).map(([, name]) => name)).toEqual(
    [],
  );
});

test('no colour stands outside the palette, where it would be the same in both themes', () => {
  expect(style.slice(palette.length).match(/#[\da-f]{3,8}\b(?![^{}]*\{)/gi) ?? []).toEqual([]);
});
