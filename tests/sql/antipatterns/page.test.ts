import { expect, test } from 'vitest';
import { antiPatternsPage } from './page.ts';

test('the page in docs is what the texts and examples make', async () => {
  await expect(antiPatternsPage()).toMatchFileSnapshot('../../../docs/antipatterns.md');
});
