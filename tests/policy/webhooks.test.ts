import { describe, expect, test } from 'vitest';
import { errorsIn, PRICING, policyOf } from './builders.ts';

describe('webhooks', () => {
  test('are for all budgets, in English and in JSON by default', () => {
    const { webhooks } = policyOf({
      'a.yaml': `${PRICING}
budgets:
  - { name: b, organisation: true, window: day, limit: 1 GiB }
webhooks:
  - { name: plain, url: "https://hooks.example/x?y=1" }
  - { name: finops, format: slack, url_env: FINOPS_SLACK_URL, language: pt-BR, budgets: [b] }
`,
    });

    expect(webhooks).toEqual([
      {
        name: 'plain',
        format: 'json',
        address: { url: 'https://hooks.example/x?y=1' },
        language: 'en',
        budgets: null,
      },
      {
        name: 'finops',
        format: 'slack',
        address: { variable: 'FINOPS_SLACK_URL' },
        language: 'pt-BR',
        budgets: ['b'],
      },
    ]);
  });

  test.each([
    ['has no address', '{ name: w }', '3:5: webhook w has no address; expected either "url" or "url_env"'],
    [
      'has two addresses',
      '{ name: w, url: "http://a.example", url_env: A }',
      '3:5: webhook w has two addresses; expected either "url" or "url_env"',
    ],
    [
      'names a budget that does not exist',
      '{ name: w, url_env: A, budgets: [bugdet] }',
      '3:38: there is no budget bugdet; expected one of budget; did you mean "budget"?',
    ],
    [
      'has an empty list of budgets',
      '{ name: w, url_env: A, budgets: [] }',
      '3:37: "budgets" is a list; expected at least one budget, or no "budgets" for all of them',
    ],
    [
      'has a format that does not exist',
      '{ name: w, url_env: A, format: slak }',
      '3:36: "format" is "slak"; expected one of json, slack; did you mean "slack"?',
    ],
  ])('are an error if one %s', (_, webhook, error) => {
    const text = `version: 1\nwebhooks:\n  - ${webhook}\nbudgets:\n  - { name: budget, per: team, window: day, limit: 1 B }\n`;
    expect(errorsIn(text)).toEqual([`policies/a.yaml:${error}`]);
  });

  test.each([
    ['url', 'ftp://hooks.example/SECRET'],
    ['url', 'hooks.example/SECRET'],
    ['url_env', 'https://hooks.example/SECRET'],
  ])('are an error if a "%s" is invalid, without showing its value, which may be a secret', (key, value) => {
    const [error, ...others] = errorsIn(`version: 1\nwebhooks:\n  - { name: w, ${key}: "${value}" }\n`);
    expect(others).toEqual([]);
    expect(error).toMatch(
      new RegExp(`^policies/a\\.yaml:3:\\d+: "${key}" is something else; expected (an|the) `),
    );
    expect(error).not.toContain('SECRET');
  });

  test('are an error if two have the same name', () => {
    const text = 'version: 1\nwebhooks:\n  - { name: w, url_env: A }\n  - { name: w, url_env: B }\n';
    expect(errorsIn(text)).toEqual([
      'policies/a.yaml:4:13: webhook w stands twice, the first time at policies/a.yaml:3; expected it once',
    ]);
  });
});

describe('the retention of SQL in the records', () => {
  test('is "stored" by default', () => {
    expect(policyOf({ 'a.yaml': PRICING }).sqlRetention).toBe('stored');
    expect(policyOf({ 'a.yaml': `${PRICING}records: { sql: hashed }\n` }).sqlRetention).toBe('hashed');
  });

  test('is an error if it is unknown, missing or given twice', () => {
    expect(errorsIn('version: 1\nrecords: { sql: maksed }\n')).toEqual([
      'policies/a.yaml:2:17: "sql" is "maksed"; expected one of stored, masked, hashed, dropped; did you mean "masked"?',
    ]);
    expect(errorsIn('version: 1\nrecords: {}\n')).toEqual([
      'policies/a.yaml:2:10: "sql" is missing; expected one of stored, masked, hashed, dropped',
    ]);
    const twice = {
      'a.yaml': `${PRICING}records: { sql: stored }\n`,
      'b.yaml': 'records: { sql: dropped }\n',
    };
    expect(() => policyOf(twice)).toThrow(
      'policies/b.yaml:2:10: the records section stands twice, the first time at policies/a.yaml:8; expected it once',
    );
  });
});
