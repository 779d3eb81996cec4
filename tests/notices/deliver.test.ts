import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { delayAfter } from '../../src/notices/deliver.ts';
import { deadAddress, type LittleServer, littleServer } from '../estimate/little-server.ts';
import { ledgerUrl } from '../ledger/ledgers.ts';
import {
  balance,
  deliveryOf,
  HOUR,
  ledgerAt,
  ledgerWithNotice,
  noon,
  noticesOf,
  webhook,
} from './builders.ts';

const MINUTE = 60_000;

/** A webhook that answers with these statuses, the last of them from then on. */
async function answering(...statuses: readonly number[]): Promise<LittleServer> {
  return littleServer((response, _seen, count) => {
    response.writeHead(statuses[count - 1] ?? statuses.at(-1) ?? 200).end('ok');
  });
}

/** A webhook that takes a request and never answers; `asked` resolves with its first. */
async function hanging() {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
  const server = await littleServer((response) => resolve(response));
  return { url: server.url, asked };
}

async function recorded(ledger: Ledger) {
  const [first] = await noticesOf(ledger).list({ limit: 1 });
  if (first === undefined) throw new Error('there is no notice');
  const { toldAtMs, attempts, deliveries } = first;
  return { toldAtMs, attempts, deliveries };
}

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

    await delivery.tellDue();
    await delivery.tellDue();

    const bodies = new Map(server.seen.map(({ url, body }) => [url, JSON.parse(body)]));
    expect(server.seen.map(({ url }) => url).toSorted()).toEqual(['/json', '/mine', '/slack']);
    expect(server.seen[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(bodies.get('/json')).toMatchObject({ budget: 'atendimento-dia', threshold: 80, used: '41000000' });
    expect(bodies.get('/slack').text).toMatch(/^🟡 O orçamento atendimento-dia chegou a 80% do limite/);
    expect(await recorded(ledger)).toEqual({
      toldAtMs: noon,
      attempts: 1,
      deliveries: ['canal', 'finops', 'mine'].map((name) => ({
        webhook: name,
        outcome: 'told',
        problem: null,
        atMs: noon,
      })),
    });
  });

  test('is told by one of two replicas', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const replicas = [1, 2, 3].map(() => deliveryOf(ledger, [webhook(server.url)]));

    await Promise.all(replicas.map((one) => one.tellDue()));

    expect(server.seen).toHaveLength(1);
  });

  test('counts as told where no webhook wants it', async () => {
    const ledger = await ledgerWithNotice();

    await deliveryOf(ledger, []).tellDue();

    expect(await recorded(ledger)).toEqual({ toldAtMs: noon, attempts: 1, deliveries: [] });
  });

  test('tells nothing of the lower thresholds that were reached along with it', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    await delivery.tellDue();
    await noticesOf(ledger).check([balance({ used: 50_000_000n })], noon + 1);
    delivery.clock.nowMs = noon + 1;
    await delivery.tellDue();

    expect(server.seen.map(({ body }) => JSON.parse(body).threshold)).toEqual([80, 100]);
  });
});

describe('a webhook that fails', () => {
  test.each([500, 503, 408, 429])('with HTTP %i is told later, not before', async (status) => {
    const ledger = await ledgerWithNotice();
    const server = await answering(status, status, 200);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    for (const minutes of [0, 0.99, 1, 2, 3]) {
      delivery.clock.nowMs = noon + minutes * MINUTE;
      await delivery.tellDue();
    }

    expect(delivery.attempts.map(({ outcome, problem }) => [outcome, problem])).toEqual([
      ['failed', `it answered HTTP ${status}`],
      ['failed', `it answered HTTP ${status}`],
      ['told', null],
    ]);
    expect(server.seen).toHaveLength(3);
    expect(await recorded(ledger)).toMatchObject({ toldAtMs: noon + 2 * MINUTE, attempts: 3 });
  });

  test('and asks for more time gets it', async () => {
    const ledger = await ledgerWithNotice();
    const server = await littleServer((response, _seen, count) => {
      response.writeHead(count === 1 ? 429 : 200, { 'retry-after': '120' }).end();
    });
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    for (const minutes of [0, 1.99, 2]) {
      delivery.clock.nowMs = noon + minutes * MINUTE;
      await delivery.tellDue();
    }

    expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'told']);
  });

  test.each([400, 401, 404, 410])('with HTTP %i is never told again', async (status) => {
    const ledger = await ledgerWithNotice();
    const server = await answering(status);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    await delivery.tellDue();
    delivery.clock.nowMs = noon + HOUR;
    await delivery.tellDue();

    expect(server.seen).toHaveLength(1);
    expect(await recorded(ledger)).toEqual({
      toldAtMs: noon,
      attempts: 1,
      deliveries: [
        { webhook: 'finops', outcome: 'refused', problem: `it answered HTTP ${status}`, atMs: noon },
      ],
    });
  });

  test('for three days is given up', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(500);
    const delivery = deliveryOf(ledger, [webhook(server.url)]);

    for (const hours of [0, 71.9, 72, 73]) {
      delivery.clock.nowMs = noon + hours * HOUR;
      await delivery.tellDue();
    }

    expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'given up']);
    expect(await recorded(ledger)).toMatchObject({
      toldAtMs: noon + 72 * HOUR,
      deliveries: [{ outcome: 'given up', problem: 'it answered HTTP 500' }],
    });
  });

  test('does not have those told again that have taken it', async () => {
    const ledger = await ledgerWithNotice();
    const [good, bad] = [await answering(200), await answering(500, 200)];
    const delivery = deliveryOf(ledger, [webhook(good.url), webhook(bad.url, { name: 'bad' })]);

    await delivery.tellDue();
    const between = await recorded(ledger);
    delivery.clock.nowMs = noon + MINUTE;
    await delivery.tellDue();

    expect([good.seen.length, bad.seen.length]).toEqual([1, 2]);
    expect(between).toMatchObject({ toldAtMs: null, deliveries: [{ webhook: 'finops', outcome: 'told' }] });
    expect((await recorded(ledger)).toldAtMs).toBe(noon + MINUTE);
  });

  test('by not answering is left after its time', async () => {
    const ledger = await ledgerWithNotice();
    const { url } = await hanging();
    const delivery = deliveryOf(ledger, [webhook(url)], { timeoutMs: 20 });

    await delivery.tellDue();

    expect(delivery.attempts).toMatchObject([
      { outcome: 'failed', problem: 'it did not answer within 0.02 s' },
    ]);
  });

  test('by redirecting is not followed', async () => {
    const ledger = await ledgerWithNotice();
    const target = await answering(200);
    const moved = await littleServer((response) => {
      response.writeHead(307, { location: target.url }).end();
    });
    const delivery = deliveryOf(ledger, [webhook(moved.url)]);

    await delivery.tellDue();

    expect(delivery.attempts).toMatchObject([{ outcome: 'failed', problem: 'it answered HTTP 307' }]);
    expect(target.seen).toEqual([]);
  });
});

test('waits double from seconds to an hour, and are spread by half', () => {
  const longest = [5_000, 10_000, 20_000, 40_000];

  for (const [i, ms] of longest.entries()) {
    expect(delayAfter(i + 1)).toBeGreaterThanOrEqual(ms / 2);
    expect(delayAfter(i + 1)).toBeLessThanOrEqual(ms);
  }
  expect(delayAfter(100)).toBeGreaterThanOrEqual(HOUR / 2);
  expect(delayAfter(100_000)).toBeLessThanOrEqual(HOUR);
});

describe('a secret address', () => {
  const address = { variable: 'SLACK_URL' };

  test('is read from the environment', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const environment = { SLACK_URL: `${server.url}/services/T0/B0/secret\n` };

    await deliveryOf(ledger, [webhook('', { address })], { environment }).tellDue();

    expect(server.seen.map(({ url }) => url)).toEqual(['/services/T0/B0/secret']);
  });

  test('that is not set keeps the notice untold until it is', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const environment: Record<string, string> = {};
    const delivery = deliveryOf(ledger, [webhook('', { address })], { environment });

    await delivery.tellDue();
    const before = await recorded(ledger);
    environment['SLACK_URL'] = server.url;
    delivery.clock.nowMs = noon + MINUTE;
    await delivery.tellDue();

    expect(before).toMatchObject({ toldAtMs: null, deliveries: [] });
    expect(delivery.attempts.map(({ outcome, problem }) => [outcome, problem])).toEqual([
      ['failed', 'the environment variable SLACK_URL is not set: set it to the address'],
      ['told', null],
    ]);
  });

  test('is in no error, no record and no answer, however it fails', async () => {
    const ledger = await ledgerWithNotice();
    const echoing = await littleServer((response, { url }) => response.writeHead(404, url).end(url));
    const dead = await deadAddress();
    const addresses = [
      'not an address secret',
      'ftp://host/secret',
      'https://secret:secret@127.0.0.1/',
      'http://127.0.0.1:1/secret',
      `${dead}/secret`,
      `${echoing.url}/secret`,
    ];
    const errors: unknown[] = [];
    const delivery = deliveryOf(
      ledger,
      addresses.flatMap((text, i) => [
        webhook('', { name: `v${i}`, address: { variable: `V${i}` } }),
        webhook(text, { name: `u${i}` }),
      ]),
      {
        environment: Object.fromEntries(addresses.map((text, i) => [`V${i}`, text])),
        onError: (error) => errors.push(error),
      },
    );

    await delivery.tellDue();

    expect(delivery.attempts).toHaveLength(2 * addresses.length);
    expect(delivery.attempts.every(({ problem }) => problem !== null)).toBe(true);
    const { deliveries } = await recorded(ledger);
    expect(deliveries.map(({ webhook }) => webhook)).toEqual(['u5', 'v5']);
    const shown = JSON.stringify([delivery.attempts, deliveries]);
    expect(shown).not.toContain('secret');
    expect(shown).not.toContain(new URL(dead).host);
    expect(errors).toEqual([]);
  });
});

describe('a restart', () => {
  test('goes on after the lease with the webhooks that were not told, and with them alone', async () => {
    const url = await ledgerUrl();
    const first = await ledgerAt(url);
    await noticesOf(first).check([balance({ used: 41_000_000n })], noon);
    const good = await answering(200);
    const slow = await hanging();
    const dying = deliveryOf(first, [webhook(good.url), webhook(slow.url, { name: 'slow' })]);
    const round = dying.tellDue();
    await slow.asked;
    await untilEntered(first);
    const second = await ledgerAt(url);
    const fast = await answering(200);
    const delivery = deliveryOf(second, [webhook(good.url), webhook(fast.url, { name: 'slow' })]);

    await delivery.tellDue();
    const underLease = fast.seen.length;
    delivery.clock.nowMs = noon + MINUTE;
    await delivery.tellDue();

    expect(underLease).toBe(0);
    expect([good.seen.length, fast.seen.length]).toEqual([1, 1]);
    expect((await recorded(second)).toldAtMs).toBe(noon + MINUTE);
    // What the other makes of it after its lease has no say any more.
    (await slow.asked).writeHead(200).end();
    await round;
    expect((await recorded(second)).toldAtMs).toBe(noon + MINUTE);
  });

  test('does not wait for a time that a clock said which was ahead', async () => {
    const url = await ledgerUrl();
    const ledger = await ledgerAt(url);
    await noticesOf(ledger).check([balance({ used: 41_000_000n })], noon);
    const server = await answering(500, 200);
    const delivery = deliveryOf(ledger, [webhook(server.url)], { delayMs: () => MINUTE });
    delivery.clock.nowMs = noon + 300 * MINUTE;
    await delivery.tellDue();

    delivery.clock.nowMs = noon;
    await delivery.tellDue();

    expect(server.seen).toHaveLength(2);
    expect((await recorded(ledger)).toldAtMs).toBe(noon);
  });

  test('keeps to the schedule of what failed before', async () => {
    const url = await ledgerUrl();
    const first = await ledgerAt(url);
    await noticesOf(first).check([balance({ used: 41_000_000n })], noon);
    const server = await answering(500, 500, 200);
    const delayMs = (attempts: number) => attempts * MINUTE;
    await deliveryOf(first, [webhook(server.url)], { delayMs }).tellDue();
    await first.close();
    const second = await ledgerAt(url);
    const delivery = deliveryOf(second, [webhook(server.url)], { delayMs });

    const asked: number[] = [];
    for (const minutes of [0.99, 1, 2.99, 3]) {
      delivery.clock.nowMs = noon + minutes * MINUTE;
      await delivery.tellDue();
      asked.push(server.seen.length);
    }

    expect(asked).toEqual([1, 2, 2, 3]);
    expect(await recorded(second)).toMatchObject({ toldAtMs: noon + 3 * MINUTE, attempts: 3 });
  });
});

describe('the loop', () => {
  test('tells by itself what comes, until it is stopped', async () => {
    const ledger = await ledgerWithNotice();
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const server = await littleServer((response) => {
      response.end();
      resolve();
    });
    const delivery = deliveryOf(ledger, [webhook(server.url)], { everyMs: 1 });

    delivery.start();
    await asked;
    await delivery.stop();

    expect((await recorded(ledger)).toldAtMs).toBe(noon);
  });

  test('goes on after the ledger has failed, and tells why it did', async () => {
    const real = await ledgerWithNotice();
    const server = await answering(200);
    const errors: unknown[] = [];
    let failures = 1;
    const write: Ledger['write'] = (work) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error('the disk is full')) : real.write(work);
    };
    const delivery = deliveryOf({ ...real, write }, [webhook(server.url)], {
      onError: (error) => errors.push(error),
    });

    await delivery.tellDue();
    await delivery.tellDue();

    expect(errors).toEqual([new Error('the disk is full')]);
    expect(server.seen).toHaveLength(1);
  });

  test('keeps no settlement waiting while a webhook hangs', async () => {
    const ledger = await ledgerWithNotice();
    const { url, asked } = await hanging();
    const delivery = deliveryOf(ledger, [webhook(url)]);
    const round = delivery.tellDue();
    const response = await asked;

    await noticesOf(ledger).check([balance({ used: 50_000_000n })], noon);

    expect(await noticesOf(ledger).list({ limit: 10 })).toHaveLength(3);
    expect(delivery.attempts).toEqual([]);
    response.end();
    await round;
    expect(delivery.attempts).toMatchObject([{ outcome: 'told' }]);
  });
});

/** Until a webhook's outcome is in the ledger. */
async function untilEntered(ledger: Ledger): Promise<void> {
  for (;;) {
    const row = await ledger.read.selectFrom('notice_deliveries').select('webhook').executeTakeFirst();
    if (row !== undefined) return;
    await new Promise(setImmediate);
  }
}
