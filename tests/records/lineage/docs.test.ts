import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultsOf } from './validity.ts';

test("the event of docs/lineage.md conforms to the specification and to its facets' schemas", () => {
  const page = readFileSync('docs/lineage.md', 'utf8');
  const examples = [...page.matchAll(/^```json\n(.*?)^```/gms)].map((match) => JSON.parse(match[1] ?? ''));

  expect(examples).toHaveLength(1);
  expect(examples.flatMap(faultsOf)).toEqual([]);
});
