import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { emptyLedgerUrl, freshLedger } from '../../ledger/ledgers.ts';
import { deadAddress, littleServer } from '../../little-server.ts';
import {
  balance,
  budget,
  deliveryOf,
  ledgerAt,
  ledgerWithNotice,
  noon,
  noticesOf,
  webhook,
} from '../builders.ts';

import { answering, hanging, recorded } from './webhook-server.ts';

const MINUTE = 60_000;

describe('a secret address', () => {
  const address = { variable: 'SLACK_URL' };

  test('is read from the environment', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const environment = { SLACK_URL: `${server.url}/services/T0/B0/secret\n` };

    await deliveryOf(ledger, [webhook('', { address })], { environment }).deliverDue();

    expect(server.seen.map(({ url }) => url)).toEqual(['/services/T0/B0/secret']);
  });

  test('that is not set keeps the notice pending until it is', async () => {
    const ledger = await ledgerWithNotice();
    const server = await answering(200);
    const environment: Record<string, string> = {};
    const delivery = deliveryOf(ledger, [webhook('', { address })], { environment });

    await delivery.deliverDue();
    const before = await recorded(ledger);
    environment['SLACK_URL'] = server.url;
    delivery.clock.nowMs = noon + MINUTE;
    await delivery.deliverDue();

    expect(before).toMatchObject({ deliveredAtMs: null, deliveries: [] });
    expect(delivery.attempts.map(({ outcome, problem }) => [outcome, problem])).toEqual([
      ['failed', 'the environment variable SLACK_URL is not set: set it to the address'],
      ['sent', null],
    ]);
  });

  test('appears in no error, record or answer, however the webhook fails', async () => {
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

    await delivery.deliverDue();

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
  test('continues after the lease with only the webhooks that have not received the notice', async () => {
    const url = await emptyLedgerUrl();
    const first = await ledgerAt(url);
    await noticesOf(first).check([balance({ used: 41_000_000n })], noon);
    const good = await answering(200);
    const slow = await hanging();
    const dying = deliveryOf(first, [webhook(good.url), webhook(slow.url, { name: 'slow' })]);
    const round = dying.deliverDue();
    await slow.asked;
    await untilEntered(first);
    const second = await ledgerAt(url);
    const fast = await answering(200);
    const delivery = deliveryOf(second, [webhook(good.url), webhook(fast.url, { name: 'slow' })]);

    await delivery.deliverDue();
    const underLease = fast.seen.length;
    delivery.clock.nowMs = noon + MINUTE;
    await delivery.deliverDue();

    expect(underLease).toBe(0);
    expect([good.seen.length, fast.seen.length]).toEqual([1, 1]);
    expect((await recorded(second)).deliveredAtMs).toBe(noon + MINUTE);
    // What the other makes of it after its lease has no say any more.
    (await slow.asked).writeHead(200).end();
    await round;
    expect((await recorded(second)).deliveredAtMs).toBe(noon + MINUTE);
  });

  test('does not wait for a retry time set by a clock that was ahead', async () => {
    const url = await emptyLedgerUrl();
    const ledger = await ledgerAt(url);
    await noticesOf(ledger).check([balance({ used: 41_000_000n })], noon);
    const server = await answering(500, 200);
    const delivery = deliveryOf(ledger, [webhook(server.url)], { delayMs: () => MINUTE });
    delivery.clock.nowMs = noon + 300 * MINUTE;
    await delivery.deliverDue();

    delivery.clock.nowMs = noon;
    await delivery.deliverDue();

    expect(server.seen).toHaveLength(2);
    expect((await recorded(ledger)).deliveredAtMs).toBe(noon);
  });

  test('keeps the retry schedule from before', async () => {
    const url = await emptyLedgerUrl();
    const first = await ledgerAt(url);
    await noticesOf(first).check([balance({ used: 41_000_000n })], noon);
    const server = await answering(500, 500, 200);
    const delayMs = (attempts: number) => attempts * MINUTE;
    await deliveryOf(first, [webhook(server.url)], { delayMs }).deliverDue();
    await first.close();
    const second = await ledgerAt(url);
    const delivery = deliveryOf(second, [webhook(server.url)], { delayMs });

    const asked: number[] = [];
    for (const minutes of [0.99, 1, 2.99, 3]) {
      delivery.clock.nowMs = noon + minutes * MINUTE;
      await delivery.deliverDue();
      asked.push(server.seen.length);
    }

    expect(asked).toEqual([1, 2, 2, 3]);
    expect(await recorded(second)).toMatchObject({ deliveredAtMs: noon + 3 * MINUTE, attempts: 3 });
  });
});

test('a notice that was never tried goes before older ones that failed', async () => {
  const ledger = await freshLedger();
  for (let i = 0; i <= 10; i += 1) {
    const reached = balance({ budget: budget({ name: `budget-${i}` }), used: 26_000_000n });
    await noticesOf(ledger).check([reached], noon + i);
  }
  const server = await answering(500);
  const delivery = deliveryOf(ledger, [webhook(server.url)]);

  delivery.clock.nowMs = noon + MINUTE;
  await delivery.deliverDue();
  delivery.clock.nowMs = noon + 3 * MINUTE;
  await delivery.deliverDue();

  const tried = server.seen.map(({ body }) => JSON.parse(body).budget);
  expect(tried).toHaveLength(20);
  expect(tried).toContain('budget-10');
});

describe('the loop', () => {
  test('delivers new notices by itself until it is stopped', async () => {
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

    expect((await recorded(ledger)).deliveredAtMs).toBe(noon);
  });

  test('goes on after the ledger failed, and reports why it did', async () => {
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

    await delivery.deliverDue();
    await delivery.deliverDue();

    expect(errors).toEqual([new Error('the disk is full')]);
    expect(server.seen).toHaveLength(1);
  });

  test('does not keep settlements waiting while a webhook hangs', async () => {
    const ledger = await ledgerWithNotice();
    const { url, asked } = await hanging();
    const delivery = deliveryOf(ledger, [webhook(url)]);
    const round = delivery.deliverDue();
    const response = await asked;

    await noticesOf(ledger).check([balance({ used: 50_000_000n })], noon);

    expect(await noticesOf(ledger).list({ limit: 10 })).toHaveLength(3);
    expect(delivery.attempts).toEqual([]);
    response.end();
    await round;
    expect(delivery.attempts).toMatchObject([{ outcome: 'sent' }]);
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
