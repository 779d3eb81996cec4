import { expect, test } from 'vitest';
import { outcomesOf } from './outcomes.ts';

test('errors in cases are reported all at once, with their place and the likely name', async () => {
  const reading = outcomesOf(`
  - { name: a, sql: SELECT 1, givn: {}, expect: { decision: allow } }
  - { name: b, sql: SELECT 1, as: finnops, expect: { decision: allow } }
  - { name: c, sql: SELECT 1, given: { budgets: { dya: {} } }, expect: { decision: allow, rules: { lrage: deny } } }
  - { name: d, sql: SELECT 1, given: { budgets: { day: { usd: 1% } } }, expect: { decision: deny, refused_by: no-stra } }
`);
  await expect(reading).rejects.toThrow(
    /a\.yaml:5:31: "givn".*"given"\?\n.*a\.yaml:6:35: there is no team finnops.*"finops"\?\n.*a\.yaml:7:51: there is no budget dya; expected one of slots, day\n.*a\.yaml:7:100: there is no rule lrage.*"large"\?\n.*a\.yaml:8:58: "usd".*"used"\?/,
  );
});
