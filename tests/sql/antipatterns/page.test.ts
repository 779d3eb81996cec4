import { expect, test } from 'vitest';
import { antiPatternsPage } from './page.ts';

test('the page in the documentation is generated from the texts and examples', async () => {
  await expect(antiPatternsPage()).toMatchFileSnapshot('../../../docs/antipatterns.md');
});
