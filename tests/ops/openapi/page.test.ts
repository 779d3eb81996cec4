import { expect, test } from 'vitest';
import { apiPage } from './page.ts';

test('the page in docs is what the endpoints make', async () => {
  await expect(apiPage()).toMatchFileSnapshot('../../../docs/api.md');
});
