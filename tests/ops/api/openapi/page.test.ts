import { expect, test } from 'vitest';
import { apiPage } from './page.ts';

test('docs/api.md is what is generated from the endpoints', async () => {
  await expect(apiPage()).toMatchFileSnapshot('../../../../docs/api.md');
});
