import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { METHODS } from '../../src/proxy/request/methods.ts';
import { routeOf } from '../../src/proxy/request/route.ts';
import { eventually } from './guardrail.ts';
import { raw } from './raw.ts';
import { guardrailBefore, JOBS, QUERIES, warehouse } from './scripted-warehouse.ts';

/** The methods in the first column of the table under a heading of docs/permissions.md. */
async function listed(heading: string): Promise<readonly string[]> {
  const page = await readFile('docs/permissions.md', 'utf8');
  const section = page.slice(page.indexOf(`## ${heading}`)).split('\n## ')[0] ?? '';
  const cells = [...section.matchAll(/^\| ([^|]*)\|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+\.\w+)`/g)].map(([, name = '']) => name));
}

const known = await listed('Who sends queries');

test('docs/permissions.md lists every API method that guardrail calls on the warehouse for a query', async () => {
  const upstream = await warehouse({
    totalBytesProcessed: '104857600',
    totalBytesProcessedAccuracy: 'PRECISE',
    statementType: 'SELECT',
  });
  const { guardrail, decisions } = await guardrailBefore(upstream);
  const query = { query: 'SELECT a FROM d.t', useLegacySql: false };

  await raw(guardrail.proxyUrl, 'POST', QUERIES, JSON.stringify(query));
  await raw(guardrail.proxyUrl, 'POST', JOBS, JSON.stringify({ configuration: { query } }));
  await eventually(async () => {
    for (const { settlement } of await decisions()) expect(settlement).not.toBeNull();
  });

  const called = upstream.seen.map(({ method, url, headers }) => {
    const route = routeOf(method ?? '', url, headers, false);
    return route.kind === 'method' ? route.method.id : route.kind;
  });
  expect(new Set(called)).toContain('jobs.insert');
  expect(new Set(called)).toContain('tables.get');
  expect([...new Set(called)].filter((id) => !known.includes(id))).toEqual([]);
});

test('docs/permissions.md names only methods that the API has', () => {
  const ids = METHODS.map(({ id }) => id);

  expect(known.length).toBeGreaterThan(5);
  expect(known.filter((id) => !ids.includes(id))).toEqual([]);
});
