import { describe, expect, test } from 'vitest';
import { delayAfter } from '../../../src/notices/delivery/delivery.ts';
import { littleServer } from '../../little-server.ts';
import { balance, deliveryOf, HOUR, ledgerWithNotice, noon, noticesOf, webhook } from '../builders.ts';

import { answering, hanging, recorded } from './webhook-server.ts';

const MINUTE = 60_000;

describe('a notice', () => {
  test('is sent to each webhook that wants its budget, once, as JSON or for Slack, in its language', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const delivery = deliveryOf(ledger, [
      webhook(`${server.url}/json`),
      webhook(`${server.url}/slack`, { name: 'canal', format: 'slack', language: 'pt-BR' }),
      webhook(`${server.url}/mine`, { name: 'mine', budgets: ['atendimento-dia'] }),
      webhook(`${server.url}/other`, { name: 'other', budgets: ['finops-mes'] }),
    ]);

    await delivery.deliverDue();
    await delivery.deliverDue();

    const bodies = new Map(server.seen.map(({ url, body }) => [url, JSON.parse(body)]));
    expect(server.seen.map(({ url }) => url).toSorted()).toEqual(['/json', '/mine', '/slack']);
    expect(server.seen[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(bodies.get('/json')).toMatchObject({ budget: 'atendimento-dia', threshold: 80, used: '41000000' });
    expect(bodies.get('/slack').text).toMatch(/^🟡 O orçamento atendimento-dia chegou a 80% do limite/);
    expect(await recorded(ledger)).toEqual({
      deliveredAtMs: noon,
      attempts: 1,
      deliveries: ['canal', 'finops', 'mine'].map((name) => ({
        webhook: name,
        outcome: 'sent',
        problem: null,
        atMs: noon,
      })),
    });
  });

  test('is in the ledger in the word that processes of earlier versions read', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);

    await deliveryOf(ledger, [webhook(server.url)]).deliverDue();

    expect(await ledger.read.selectFrom('notice_deliveries').select('outcome').execute()).toEqual([
      { outcome: 'told' },
    ]);
    expect(await recorded(ledger)).toMatchObject({ deliveries: [{ outcome: 'sent' }] });
  });

  test('is sent by one of two replicas', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const replicas = [1, 2, 3].map(() => deliveryOf(ledger, [webhook(server.url)]));

    await Promise.all(replicas.map((one) => one.deliverDue()));

    expect(server.seen).toHaveLength(1);
  });

  test('counts as delivered if no webhook wants it', async () => {
    const ledger = await ledgerWithNotice();

    await deliveryOf(ledger, []).deliverDue();

    expect(await recorded(ledger)).toEqual({ deliveredAtMs: noon, attempts: 1, deliveries: [] });
  });

  test('does not mention lower thresholds that were reached at the same time', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    await delivery.deliverDue();
    await noticesOf(ledger).check([balance({ used: 50_000_000n })], noon + 1);
    delivery.clock.nowMs = noon + 1;
    await delivery.deliverDue();

    expect(server.seen.map(({ body }) => JSON.parse(body).threshold)).toEqual([80, 100]);
  });
});

describe('a webhook that fails', () => {
  test.each([500, 503, 408, 429])('with HTTP %i is retried later, and not before', async (status) => {
    const ledger = await ledgerWithNotice();
    const server = await answering(status, status, 200);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    for (const minutes of [0, 0.99, 1, 2, 3]) {
      delivery.clock.nowMs = noon + minutes * MINUTE;
      await delivery.deliverDue();
    }

    expect(delivery.attempts.map(({ outcome, problem }) => [outcome, problem])).toEqual([
      ['failed', `it answered HTTP ${status}`],
      ['failed', `it answered HTTP ${status}`],
      ['sent', null],
    ]);
    expect(server.seen).toHaveLength(3);
    expect(await recorded(ledger)).toMatchObject({ deliveredAtMs: noon + 2 * MINUTE, attempts: 3 });
  });

  test('with Retry-After is retried after that time', async () => {
    const ledger = await ledgerWithNotice();
    const server = await littleServer((response, _seen, count) => {
      response.writeHead(count === 1 ? 429 : 200, { 'retry-after': '120' }).end();
    });
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    for (const minutes of [0, 1.99, 2]) {
      delivery.clock.nowMs = noon + minutes * MINUTE;
      await delivery.deliverDue();
    }

    expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'sent']);
    expect(await recorded(ledger)).toMatchObject({ deliveredAtMs: noon + 2 * MINUTE });
  });

  test.each([400, 401, 404, 410])('with HTTP %i is not retried', async (status) => {
    const ledger = await ledgerWithNotice();
    const server = await answering(status);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    await delivery.deliverDue();
    delivery.clock.nowMs = noon + HOUR;
    await delivery.deliverDue();

    expect(server.seen).toHaveLength(1);
    expect(await recorded(ledger)).toEqual({
      deliveredAtMs: noon,
      attempts: 1,
      deliveries: [
        { webhook: 'finops', outcome: 'refused', problem: `it answered HTTP ${status}`, atMs: noon },
      ],
    });
  });

  test('for three days is given up on', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(500);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    for (const hours of [0, 71.9, 72, 73]) {
      delivery.clock.nowMs = noon + hours * HOUR;
      await delivery.deliverDue();
    }

    expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'given up']);
    expect(await recorded(ledger)).toMatchObject({
      deliveredAtMs: noon + 72 * HOUR,
      deliveries: [{ outcome: 'given up', problem: 'it answered HTTP 500' }],
    });
  });

  test('for three days, and then accepts the notice, has received it', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(500, 200);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    for (const hours of [0, 73]) {
      delivery.clock.nowMs = noon + hours * HOUR;
      await delivery.deliverDue();
    }

    expect(await recorded(ledger)).toMatchObject({ deliveries: [{ outcome: 'sent', problem: null }] });
  });

  test('does not cause another delivery to webhooks that accepted it', async () => {
    const ledger = await ledgerWithNotice();
    const [good, bad] = [await answering(200), await answering(500, 200)];
    const delivery = deliveryOf(ledger, [webhook(good.url), webhook(bad.url, { name: 'bad' })]);

    await delivery.deliverDue();
    const between = await recorded(ledger);
    delivery.clock.nowMs = noon + MINUTE;
    await delivery.deliverDue();

    expect([good.seen.length, bad.seen.length]).toEqual([1, 2]);
    expect(between).toMatchObject({
      deliveredAtMs: null,
      deliveries: [{ webhook: 'finops', outcome: 'sent' }],
    });
    expect((await recorded(ledger)).deliveredAtMs).toBe(noon + MINUTE);
  });

  test('by not answering is abandoned after its time-out, and retried later', async () => {
    const ledger = await ledgerWithNotice();
    const { url } = await hanging();
    const delivery = deliveryOf(ledger, [webhook(url)], { timeoutMs: 20 });

    for (const minutes of [0, 0.99, 1]) {
      delivery.clock.nowMs = noon + minutes * MINUTE;
      await delivery.deliverDue();
    }

    const abandoned = { outcome: 'failed', problem: 'it did not answer within 0.02 s' };
    expect(delivery.attempts).toMatchObject([abandoned, abandoned]);
  });

  test('by redirecting is not followed', async () => {
    const ledger = await ledgerWithNotice();
    const target = await answering(200);
    const moved = await littleServer((response) => {
      response.writeHead(307, { location: target.url }).end();
    });
    const delivery = deliveryOf(ledger, [webhook(moved.url)]);

    await delivery.deliverDue();

    expect(delivery.attempts).toMatchObject([{ outcome: 'failed', problem: 'it answered HTTP 307' }]);
    expect(target.seen).toEqual([]);
  });
});

test('waits double from seconds to an hour, with half of each left to chance', () => {
  const longest = [5_000, 10_000, 20_000, 40_000];

  for (const [i, ms] of longest.entries()) {
    expect(delayAfter(i + 1)).toBeGreaterThanOrEqual(ms / 2);
    expect(delayAfter(i + 1)).toBeLessThanOrEqual(ms);
  }
  expect(delayAfter(100)).toBeGreaterThanOrEqual(HOUR / 2);
  expect(delayAfter(100_000)).toBeLessThanOrEqual(HOUR);
});
