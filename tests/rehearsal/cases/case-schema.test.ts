import { readdir, readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { caseJsonSchema } from '../../../src/rehearsal/cases/case-schema.ts';

describe('the published schema of cases', async () => {
  const ajv = new Ajv({ allowUnionTypes: true });
  const isRight = ajv.compile(caseJsonSchema());
  const files = (await readdir('policies/tests')).filter((name) => name.endsWith('.yaml'));

  test('is the one that cases are validated by: run `npm run --silent guardrail -- policy schema cases > policies/tests/schema.json`', async () => {
    const published: unknown = JSON.parse(await readFile('policies/tests/schema.json', 'utf8'));
    expect(published).toEqual(caseJsonSchema());
  });

  test('accepts the example in the documentation', async () => {
    const page = await readFile('docs/policies.md', 'utf8');
    const example = /## Cases\n.*?```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
    expect([isRight(parse(example)), isRight.errors]).toEqual([true, null]);
  });

  test.each(files)('accepts %s, and rejects a misspelt key in it', async (name) => {
    const text = await readFile(`policies/tests/${name}`, 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
    expect([isRight(parse(text)), isRight.errors]).toEqual([true, null]);
    expect(isRight(parse(text.replace('decision:', 'decison:')))).toBe(false);
  });
});
