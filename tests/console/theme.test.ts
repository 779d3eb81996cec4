import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const style = readFileSync('src/console/assets/console.css', 'utf8');

/** The declarations of the only rule with this selector. */
function declarationsOf(selector: string): readonly string[] {
  const [, body = ''] = style.split(`${selector} {`);
  const declarations = body.slice(0, body.indexOf('}')).split(';');
  return declarations.map((one) => one.trim()).filter((one) => one !== '');
}

test('the dark theme is the same whether it comes from the system or was chosen', () => {
  const ofSystem = declarationsOf(':root:not([data-theme="light"])');

  expect(ofSystem.length).toBeGreaterThan(20);
  expect(declarationsOf(':root[data-theme="dark"]')).toEqual(ofSystem);
});

test('the dark theme sets exactly the properties that the light theme sets', () => {
  const namesOf = (selector: string) => declarationsOf(selector).map((one) => one.split(':')[0]);

  expect(namesOf(':root[data-theme="dark"]')).toEqual(namesOf(':root'));
});
