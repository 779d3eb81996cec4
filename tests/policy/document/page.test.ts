import { expect, test } from 'vitest';
import { policyReference } from './page.ts';

test('the reference in the documentation is generated from the schema of policy files', async () => {
  await expect(policyReference()).toMatchFileSnapshot('../../../docs/policy-reference.md');
});
