import { expect, test } from 'vitest';
import { settingsPage } from './page.ts';

test('docs/settings.md is what is generated from the schema of settings', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md');
});
