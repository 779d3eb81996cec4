import { expect, test } from 'vitest';
import { policyReference } from './page.ts';

test('the reference in docs is what the schema of policy files makes', async () => {
  await expect(policyReference()).toMatchFileSnapshot('../../../docs/policy-reference.md');
});
