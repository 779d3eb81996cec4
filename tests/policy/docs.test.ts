import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { errorsOf } from './builders.ts';

test('the example in the documentation is a policy that loads', async () => {
  const page = await readFile('docs/policies.md', 'utf8');
  const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
  expect(example).toContain('version: 1');
  expect(errorsOf({ 'docs.yaml': example })).toEqual([]);
});
