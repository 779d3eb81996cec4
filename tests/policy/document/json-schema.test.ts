import { readdir, readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { policyJsonSchema } from '../../../src/policy/document/json-schema.ts';
import { errorsOf, PRICING, TEAMS } from '../builders.ts';

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, formats: { uri: true } });
const EXAMPLES = (await readdir('policies')).filter((name) => name.endsWith('.yaml'));
const isRight = ajv.compile(policyJsonSchema());

/** The problems that an editor would underline, as `place: problem`. */
function underlined(text: string): readonly string[] {
  isRight(parse(text));
  return (isRight.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

describe('the published schema of policy files', () => {
  test('is the one that the loader uses: run `npm run --silent guardrail -- policy schema > policies/schema.json`', async () => {
    const published: unknown = JSON.parse(await readFile('policies/schema.json', 'utf8'));
    expect(published).toEqual(policyJsonSchema());
  });

  test('describes every key', () => {
    const silent: string[] = [];
    const look = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (path.endsWith('/properties') && !value.description) silent.push(`${path}/${key}`);
        look(value, `${path}/${key}`);
      }
    };
    look(policyJsonSchema(), '');
    expect(silent).toEqual([]);
  });

  test.each(EXAMPLES)('is named at the top of the example %s, which is valid under it', async (name) => {
    const text = await readFile(`policies/${name}`, 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
    expect(underlined(text)).toEqual([]);
  });

  test('accepts the example in the documentation', async () => {
    const page = await readFile('docs/policies.md', 'utf8');
    expect(underlined(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '')).toEqual([]);
  });

  test.each([
    ['a section', 'version: 1\nbudget: []\n'],
    ['a key of a rule', 'version: 1\nrules:\n  - { name: r, mode: audit, whem: query.star }\n'],
    ['a key of a table', 'version: 1\ncatalog:\n  tables:\n    - { table: a.b.c, stauts: legacy }\n'],
    [
      'a key of a queue',
      'version: 1\nbudgets:\n  - { name: b, organisation: true, limit: 4 at once, queue: { lenght: 2 } }\n',
    ],
    [
      'a language',
      'version: 1\nrules:\n  - { name: r, mode: warn, when: query.star, message: { pt: no } }\n',
    ],
  ])('rejects a misspelt name of %s', (_, text) => {
    expect(underlined(text)).toContainEqual(expect.stringContaining('must NOT have additional properties'));
  });

  test.each([
    ['an unknown mode', 'version: 1\nrules:\n  - { name: r, mode: dney, when: query.star }\n'],
    ['bytes without a unit', 'version: 1\nrules:\n  - { name: r, maximum_bytes_billed: 20 }\n'],
    [
      'an unknown window',
      'version: 1\nbudgets:\n  - { name: b, organisation: true, window: fortnight, limit: 1 GiB }\n',
    ],
    [
      'an unknown unit',
      'version: 1\nbudgets:\n  - { name: b, organisation: true, window: day, limit: 20 gigs }\n',
    ],
    [
      'a threshold without %',
      'version: 1\nbudgets:\n  - { name: b, organisation: true, window: day, limit: 1 GiB, warn_at: [80] }\n',
    ],
    ['prices without a default', 'version: 1\npricing: { currency: USD, on_demand_per_tib: { US: 6.25 } }\n'],
    ['a team without principals', 'version: 1\nteams:\n  - { name: a }\n'],
    ['a file without its version', 'teams: []\n'],
  ])('rejects %s, as the loader does', (_, text) => {
    expect(underlined(text)).not.toEqual([]);
    expect(errorsOf({ 'a.yaml': text })).not.toEqual([]);
  });

  test('accepts what the loader accepts, including numbers and booleans', () => {
    const text = `version: 1${TEAMS}${PRICING.replaceAll('"', '')}
inexact_reserve: 10.5 GiB
budgets:
  - { name: 12, organisation: true, window: rolling 24h, limit: 25.50 USD }
  - { name: b, dashboard: 12, per: person, window: day, limit: 40 slot-hours, warn_at: [1%, 1000%] }
  - { name: c, card: 3.5, limit: 1 at once, queue: { length: 0, wait: 2min } }
  - { name: d, person: 7, window: week, limit: 1 query, when_exceeded: warn }
`;
    expect(errorsOf({ 'a.yaml': text })).toEqual([]);
    expect(underlined(text)).toEqual([]);
  });
});
