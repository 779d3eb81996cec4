import { expect, test } from 'vitest';
import { settingsPage } from './page.ts';

test('the page in docs is what the schema of settings makes', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md');
});
