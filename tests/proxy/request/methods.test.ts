import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { METHODS } from '../../../src/proxy/request/methods.ts';
import { routeOf } from '../../../src/proxy/request/route.ts';

/** A method in the API's own description. */
interface Fact {
  readonly id: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly mediaPath?: string;
}
const facts: readonly Fact[] = JSON.parse(
  readFileSync(new URL('bigquery-v2-methods.json', import.meta.url), 'utf8'),
);

/** What `{+resource}` stands for, by the method's collection. */
const RESOURCES: Readonly<Record<string, string>> = {
  tables: 'projects/p1/datasets/d1/tables/t1',
  routines: 'projects/p1/datasets/d1/routines/r1',
  rowaccesspolicies: 'projects/p1/datasets/d1/tables/t1/rowAccessPolicies/a1',
};

/** A path as a client sends it. */
function sample({ id }: Fact, template: string): string {
  const resource = RESOURCES[id.split('.')[1] ?? ''] ?? '';
  return template.replace('{+resource}', resource).replaceAll(/\{\+(\w)\w*\}/g, '$11');
}

test('the API has 47 methods, and each has a class', () => {
  const ids = facts.map(({ id }) => id.replace('bigquery.', ''));

  expect(ids).toHaveLength(47);
  expect(METHODS.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

describe('a request for a method is recognised as that method', () => {
  test.each(facts.map((fact) => [fact.id, fact] as const))('%s', (_id, fact) => {
    const route = routeOf(fact.httpMethod, sample(fact, fact.path), {});

    expect(route).toMatchObject({
      kind: 'method',
      door: 'json',
      method: { id: fact.id.replace('bigquery.', '') },
    });
  });

  test.each(facts.filter(({ mediaPath }) => mediaPath !== undefined).map((fact) => [fact.id, fact] as const))(
    '%s as an upload',
    (_id, fact) => {
      for (const door of ['', '/resumable']) {
        const route = routeOf(
          fact.httpMethod,
          `${door}${sample(fact, fact.mediaPath ?? '')}?uploadType=multipart`,
          {},
        );

        expect(route).toMatchObject({ kind: 'method', door: 'upload', method: { class: 'guarded' } });
      }
    },
  );
});

test('the guarded methods are exactly those that run SQL', () => {
  const guarded = METHODS.filter((method) => method.class === 'guarded').map(({ id }) => id);

  expect(guarded).toEqual(['jobs.query', 'jobs.insert']);
});
