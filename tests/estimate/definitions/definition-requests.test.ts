import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createTableDefinitions } from '../../../src/estimate/definitions/table-definitions.ts';
import { deadAddress, sendJson } from '../../little-server.ts';
import { asker } from '../builders.ts';
import { ana, definitions, EVENTS, table } from './definitions.ts';

const bia = asker('bia');

test('a definition is requested again if the connection breaks before the answer', async () => {
  const { of, failures, warehouse } = await definitions((response, _seen, count) => {
    if (count === 1) response.socket?.destroy();
    else sendJson(response, 200, { type: 'TABLE' });
  });

  expect(await of(EVENTS, ana)).toMatchObject({ kind: 'TABLE' });
  expect([warehouse.seen.length, failures]).toEqual([2, []]);
});

describe('the request for a definition', () => {
  const tells = (response: Parameters<typeof sendJson>[0]) => sendJson(response, 200, { type: 'TABLE' });

  test("has the caller's own credential and parameters, and encoded names", async () => {
    const { of, warehouse } = await definitions(tells);

    await of(
      { projectId: 'example.com:shop', datasetId: 'd', tableId: 'preço #1' },
      { ...ana, headers: { ...ana.headers, 'x-goog-user-project': 'billed' }, search: '?quotaUser=u' },
    );

    const [seen] = warehouse.seen;
    const url = new URL(seen?.url ?? '', 'http://localhost');
    expect(seen?.method).toBe('GET');
    expect(url.pathname).toBe('/bigquery/v2/projects/example.com%3Ashop/datasets/d/tables/pre%C3%A7o%20%231');
    expect(url.searchParams.get('quotaUser')).toBe('u');
    expect(seen?.headers).toMatchObject({ authorization: 'Bearer ana', 'x-goog-user-project': 'billed' });
  });

  test('is sent once, and again when the time to live is over', async () => {
    const { of, warehouse } = await definitions(tells, { ttlMs: 400 });
    await of(EVENTS, ana);
    await of(EVENTS, ana);
    const before = warehouse.seen.length;
    await sleep(450);

    await of(EVENTS, ana);

    expect([before, warehouse.seen.length]).toEqual([1, 2]);
  });

  test('is sent once for several callers at the same time', async () => {
    const { of, warehouse } = await definitions(async (response) => {
      await sleep(30);
      tells(response);
    });

    const all = await Promise.all([of(EVENTS, ana), of(EVENTS, ana), of(EVENTS, ana)]);

    expect(all.map((one) => one?.kind)).toEqual(['TABLE', 'TABLE', 'TABLE']);
    expect(warehouse.seen).toHaveLength(1);
  });

  test('is never shared between credentials or between tables', async () => {
    const { of, warehouse } = await definitions((response, { headers }) =>
      headers.authorization === 'Bearer ana' ? tells(response) : sendJson(response, 403, {}),
    );

    expect(await of(EVENTS, ana)).not.toBeNull();
    expect(await of(EVENTS, bia)).toBeNull();
    await of(table('others'), ana);

    expect(warehouse.seen).toHaveLength(3);
  });

  test('is not sent for a wildcard table', async () => {
    const { of, warehouse } = await definitions(tells);

    expect(await of(table('events_*'), ana)).toBeNull();

    expect(warehouse.seen).toEqual([]);
  });
});

describe('a warehouse that gives no definition', () => {
  const denied = (reason: string) => ({ error: { code: 403, errors: [{ reason }] } });

  test.each([
    ['because of no access', 403, denied('accessDenied')],
    ['because there is no such table', 404, {}],
    ['because of an invalid name', 400, {}],
  ])('%s is remembered, and does not count as a failure', async (_what, status, body) => {
    const { of, warehouse, failures } = await definitions((response) => sendJson(response, status, body));

    expect([await of(EVENTS, ana), await of(EVENTS, ana)]).toEqual([null, null]);

    expect(warehouse.seen).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test.each([
    ['but an error of its own', 503, '{}', 'unreachable'],
    ['but a server error of the first kind', 500, '{}', 'unreachable'],
    ['but a rate limit', 403, JSON.stringify(denied('rateLimitExceeded')), 'unreachable'],
    ['but too many requests', 429, '{}', 'unreachable'],
    ['but a timeout', 408, '{}', 'unreachable'],
    ['but a redirect', 302, '', 'unreachable'],
    ['but an answer that is not JSON', 200, '<html>', 'not understood'],
    ['but a resource that is not a table', 200, '{"type":"MODEL"}', 'not understood'],
  ])('%s counts as a failure', async (_what, status, body, failure) => {
    const { of, failures } = await definitions((response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body),
    );

    expect(await of(EVENTS, ana)).toBeNull();

    expect(failures).toEqual([failure]);
  });

  test('in time is not waited for, and not asked again at once', async () => {
    const { of, warehouse, failures } = await definitions(() => undefined, { timeoutMs: 50 });

    expect([await of(EVENTS, ana), await of(EVENTS, ana)]).toEqual([null, null]);

    expect(failures).toEqual(['unreachable']);
    // A busy machine may be late even for the first request.
    expect(warehouse.seen.length).toBeLessThan(2);
  });

  test('because it cannot be reached yields null', async () => {
    const { of } = createTableDefinitions({
      upstream: await deadAddress(),
      timeoutMs: 5000,
      ttlMs: 60_000,
      maxEntries: 10,
    });

    expect(await of(EVENTS, ana)).toBeNull();
  });
});
