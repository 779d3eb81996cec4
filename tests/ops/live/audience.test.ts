import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { decision } from '../../records/builders.ts';
import { accessWith, BIA, RUI } from '../access/builders.ts';
import { listenTo } from './listen.ts';
import { port } from './port.ts';

describe('listeners are limited', () => {
  test('in number: one too many is answered 503 with retry-after, and accepted once another leaves', async () => {
    const { listen, counted } = await port({ mostListeners: 2 });
    const [one] = [await listen(), await listen()];

    const third = await listen();
    expect(counted.listeners).toBe(2);
    one.leave();
    await vi.waitFor(() => expect(counted.listeners).toBe(1));

    expect(third.status).toBe(503);
    expect(third.headers['retry-after']).toBe('30');
    expect(third.headers['content-type']).toContain('application/json');
    expect((await listen()).status).toBe(200);
  });

  test('in number for each visitor, so that nobody takes all places', async () => {
    const { listen, counted } = await port({ mostListeners: 3, mostOfOne: 2 });
    const [one] = [await listen('', RUI), await listen('', RUI)];

    const third = await listen('', RUI);
    const another = await listen('', BIA);
    one.leave();
    await vi.waitFor(() => expect(counted.listeners).toBe(2));

    expect([third.status, another.status]).toEqual([503, 200]);
    expect((await listen('', RUI)).status).toBe(200);
  });

  test('in number for unnamed visitors, who leave places to named ones', async () => {
    const open = accessWith({ anonymous_role: 'viewer' });
    const { listen, url } = await port({ mostListeners: 5 }, open);
    const nameless = [];
    for (let i = 0; i < 5; i += 1) nameless.push((await listenTo(url)).status);

    expect(nameless).toEqual([200, 200, 200, 200, 503]);
    expect((await listen('', RUI)).status).toBe(200);
  });

  test('in unsent data: one that does not keep up is dropped, and others receive everything', async () => {
    const { feed, listen, counted } = await port();
    const slow = await listen();
    const quick = await listen();
    slow.pause();

    const sql = 'x'.repeat(2_000);
    let sent = 0;
    while (counted.dropped === 0 && sent < 50_000) {
      for (let i = 0; i < 100; i += 1) {
        sent += 1;
        feed.publishDecision(decision({ id: `${sent}`, sql }));
      }
      await sleep(1);
    }
    await vi.waitFor(() => expect(quick.events().at(-1)?.id).toBe(`${sent}`), { timeout: 10_000 });
    slow.resume();

    expect(counted).toMatchObject({ dropped: 1, listeners: 1, errors: [] });
    expect(await slow.over).toBe('cut off');
  });
});
