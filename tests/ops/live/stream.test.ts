import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { requireRole } from '../../../src/ops/access/identify.ts';
import { createLiveFeed, type LiveFeedOptions } from '../../../src/ops/live/live-feed.ts';
import { decisionStream } from '../../../src/ops/live/stream.ts';
import { createDecisionFeed } from '../../../src/records/decision-feed.ts';
import { decision, settlement } from '../../records/builders.ts';
import { ANA, accessWith, BIA, RUI, serve } from '../access/builders.ts';
import { listenTo, type Stream } from './listen.ts';

/** A port with the stream, over a feed that the test itself feeds. */
async function port(options: Partial<LiveFeedOptions> = {}, access = accessWith()) {
  const feed = createDecisionFeed();
  const counted = { dropped: 0, listeners: 0, errors: [] as unknown[] };
  const live = createLiveFeed({
    feed,
    publishOthers: () => Promise.resolve(),
    onError: (error) => counted.errors.push(error),
    onDropped: () => {
      counted.dropped += 1;
    },
    onListeners: (count) => {
      counted.listeners = count;
    },
    ...options,
  });
  const url = await serve(access, (app) => {
    app.get('/stream', requireRole('viewer'), decisionStream({ live, access }));
  });
  const listen = (query = '', token = RUI, headers = {}) =>
    listenTo(`${url}/stream${query}`, { authorization: `Bearer ${token}`, ...headers });
  return { feed, live, counted, listen, url: `${url}/stream` };
}

const ids = (stream: Stream) =>
  stream.told().map(({ event, id, data }) => id ?? `${event} ${data.decisionId ?? ''}`);

/** Waits until this has come. */
function comes(stream: Stream, expected: readonly string[]): Promise<void> {
  return vi.waitFor(() => expect(ids(stream)).toEqual(expected), { timeout: 5_000, interval: 10 });
}

describe('who listens', () => {
  test('is told of each decision under its ID, and of what it came to', async () => {
    const { feed, listen } = await port();
    const stream = await listen();

    feed.publishDecision(decision({ id: 'a' }));
    feed.publishSettlement(settlement({ decisionId: 'a' }), 'atendimento');
    await comes(stream, ['a', 'settlement a']);

    const [told, settled] = stream.told();
    expect(stream.headers['content-type']).toContain('text/event-stream');
    expect(stream.headers['cache-control']).toBe('no-store, no-transform');
    expect(told).toMatchObject({
      event: 'decision',
      data: {
        id: 'a',
        sql: 'SELECT subject FROM atendimento.tickets',
        outcome: 'admitted',
        settlement: null,
      },
    });
    expect(settled?.data).toMatchObject({ bytesBilled: '1000', source: 'response', team: 'atendimento' });
  });

  test('and asks for the headers alone has them at once, and takes nobody’s place', async () => {
    const { counted, url } = await port();

    const answer = await fetch(url, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${RUI}` },
      signal: AbortSignal.timeout(5_000),
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(counted.listeners).toBe(0);
  });

  test('is told of one team where they ask for one', async () => {
    const { feed, listen } = await port();
    const stream = await listen('?team=finops');

    for (const team of ['atendimento', 'finops']) {
      feed.publishDecision(decision({ id: `of ${team}`, caller: { ...decision().caller, team } }));
      feed.publishSettlement(settlement({ decisionId: `of ${team}` }), team);
    }

    await comes(stream, ['of finops', 'settlement of finops']);
  });

  test('is shown what their role is shown', async () => {
    const { feed, listen } = await port();
    const viewer = await listen('', BIA);
    const operator = await listen('', ANA);

    feed.publishDecision(
      decision({ id: 'a', caller: { ...decision().caller, principal: 'clara@example.com' } }),
    );
    await comes(viewer, ['a']);
    await comes(operator, ['a']);

    expect(viewer.text()).not.toMatch(/SELECT subject|clara@|"person":"12"/);
    expect(viewer.told()[0]?.data).toMatchObject({ sql: null, caller: { team: 'atendimento' } });
    expect(operator.told()[0]?.data).toMatchObject({
      caller: { principal: 'clara@example.com', person: '12' },
    });
  });

  test('is told enough of a long query to know it by', async () => {
    const { feed, listen } = await port();
    const stream = await listen();

    feed.publishDecision(decision({ id: 'a', sql: 'x'.repeat(100_000) }));
    await comes(stream, ['a']);

    expect(stream.told()[0]?.data).toMatchObject({ sql: 'x'.repeat(2_000), sqlCut: true });
  });

  test.each(['?teams=finops', '?team=a&team=b'])('is told what is wrong with %s', async (query) => {
    const { listen } = await port();

    expect((await listen(query)).status).toBe(400);
  });
});

describe('who comes again', () => {
  test('is told what came after the last decision that they saw', async () => {
    const { feed, listen } = await port();
    const first = await listen();
    feed.publishDecision(decision({ id: 'a' }));
    await comes(first, ['a']);
    first.leave();

    feed.publishDecision(decision({ id: 'b' }));
    feed.publishSettlement(settlement({ decisionId: 'a' }), 'atendimento');
    const again = await listen('', RUI, { 'last-event-id': 'a' });
    const named = await listen('?after=b&team=atendimento');

    await comes(again, ['b', 'settlement a']);
    await comes(named, ['settlement a']);
  });

  test('is told that something may be missing where that is not remembered', async () => {
    const { feed, listen } = await port();
    const stream = await listen('', RUI, { 'last-event-id': 'of-another-process' });

    feed.publishDecision(decision({ id: 'a' }));

    await comes(stream, ['missed ', 'a']);
  });
});

describe('those who listen are bounded', () => {
  test('in number: one too many is told to come later, and may once another leaves', async () => {
    const { listen, counted } = await port({ mostListeners: 2 });
    const [one] = [await listen(), await listen()];

    const third = await listen();
    one.leave();
    await vi.waitFor(() => expect(counted.listeners).toBe(1));

    expect(third.status).toBe(503);
    expect(third.headers['retry-after']).toBe('30');
    expect(third.headers['content-type']).toContain('application/json');
    expect((await listen()).status).toBe(200);
  });

  test('in number for each, so that nobody takes the places of all others', async () => {
    const { listen, counted } = await port({ mostListeners: 3, mostOfOne: 2 });
    const [one] = [await listen('', RUI), await listen('', RUI)];

    const third = await listen('', RUI);
    const another = await listen('', BIA);
    one.leave();
    await vi.waitFor(() => expect(counted.listeners).toBe(2));

    expect([third.status, another.status]).toEqual([503, 200]);
    expect((await listen('', RUI)).status).toBe(200);
  });

  test('in number for those without a name, who leave places to those with one', async () => {
    const open = accessWith({ anonymous_role: 'viewer' });
    const { listen, url } = await port({ mostListeners: 5 }, open);
    const nameless = [];
    for (let i = 0; i < 5; i += 1) nameless.push((await listenTo(url)).status);

    expect(nameless).toEqual([200, 200, 200, 200, 503]);
    expect((await listen('', RUI)).status).toBe(200);
  });

  test('in what waits for them: who does not keep up is dropped, and others are told on', async () => {
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
    await vi.waitFor(() => expect(quick.told().at(-1)?.id).toBe(`${sent}`), { timeout: 10_000 });
    slow.resume();

    expect(counted).toMatchObject({ dropped: 1, listeners: 1, errors: [] });
    expect(await slow.over).toBe('cut off');
  });
});

describe('a stream', () => {
  test('is kept alive, and ends where who listens may no more', async () => {
    const access = accessWith();
    let mayCome = true;
    const { listen, counted } = await port(
      { heartbeatMs: 20 },
      { ...access, identify: (request) => (mayCome ? access.identify(request) : Promise.resolve(null)) },
    );
    const stream = await listen();

    await vi.waitFor(() => expect(stream.text()).toContain(': still here\n\n'));
    mayCome = false;

    expect(await stream.over).toBe('ended');
    expect(counted.listeners).toBe(0);
  });

  test('ends in good order when the process stops, and none begins any more', async () => {
    const { live, listen } = await port();
    const stream = await listen();

    live.close();

    expect(await stream.over).toBe('ended');
    expect((await listen()).status).toBe(503);
  });

  test('asks other processes while somebody listens, and only then, also after it failed', async () => {
    let asked = 0;
    const { listen, counted } = await port({
      pollEveryMs: 5,
      publishOthers: () => {
        asked += 1;
        return asked === 1 ? Promise.reject(new Error('the ledger is busy')) : Promise.resolve();
      },
    });
    await sleep(30);
    const before = asked;

    const stream = await listen();
    await vi.waitFor(() => expect(asked).toBeGreaterThan(2));
    stream.leave();
    await vi.waitFor(() => expect(counted.listeners).toBe(0));
    await sleep(30);
    const after = asked;
    await sleep(50);

    expect(before).toBe(0);
    expect(counted.errors).toEqual([new Error('the ledger is busy')]);
    expect(asked).toBe(after);
  });
});
