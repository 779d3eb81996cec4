import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { decision, settlement } from '../../records/builders.ts';
import { ANA, accessWith, BIA, RUI } from '../access/builders.ts';
import type { Stream } from './listen.ts';
import { port } from './port.ts';

const ids = (stream: Stream) =>
  stream.events().map(({ event, id, data }) => id ?? `${event} ${data.decisionId ?? ''}`);

/** Waits until these events have been received. */
function expectEvents(stream: Stream, expected: readonly string[]): Promise<void> {
  return vi.waitFor(() => expect(ids(stream)).toEqual(expected), { timeout: 5_000, interval: 10 });
}

describe('a listener', () => {
  test('receives each decision under its ID, and its settlement', async () => {
    const { feed, listen } = await port();
    const stream = await listen();

    feed.publishDecision(decision({ id: 'a' }));
    feed.publishSettlement(settlement({ decisionId: 'a' }), 'atendimento');
    await expectEvents(stream, ['a', 'settlement a']);

    const [decided, settled] = stream.events();
    expect(stream.headers['content-type']).toContain('text/event-stream');
    expect(stream.headers['cache-control']).toBe('no-store, no-transform');
    expect(decided).toMatchObject({
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

  test('that sends HEAD gets the headers at once, and takes no listener’s place', async () => {
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

  test('receives only the decisions of one team with ?team', async () => {
    const { feed, listen } = await port();
    const stream = await listen('?team=finops');

    for (const team of ['atendimento', 'finops']) {
      feed.publishDecision(decision({ id: `of ${team}`, caller: { ...decision().caller, team } }));
      feed.publishSettlement(settlement({ decisionId: `of ${team}` }), team);
    }

    await expectEvents(stream, ['of finops', 'settlement of finops']);
  });

  test('receives what its role may see', async () => {
    const { feed, listen } = await port();
    const viewer = await listen('', BIA);
    const operator = await listen('', ANA);

    feed.publishDecision(
      decision({ id: 'a', caller: { ...decision().caller, principal: 'clara@example.com' } }),
    );
    await expectEvents(viewer, ['a']);
    await expectEvents(operator, ['a']);

    expect(viewer.text()).not.toMatch(/SELECT subject|clara@|"person":"12"/);
    expect(viewer.events()[0]?.data).toMatchObject({ sql: null, caller: { team: 'atendimento' } });
    expect(operator.events()[0]?.data).toMatchObject({
      caller: { principal: 'clara@example.com', person: '12' },
    });
  });

  test('receives the first 2,000 characters of a long query', async () => {
    const { feed, listen } = await port();
    const stream = await listen();

    feed.publishDecision(decision({ id: 'a', sql: 'x'.repeat(100_000) }));
    await expectEvents(stream, ['a']);

    expect(stream.events()[0]?.data).toMatchObject({ sql: 'x'.repeat(2_000), sqlCut: true });
  });

  test.each(['?teams=finops', '?team=a&team=b'])('is answered 400 for %s', async (query) => {
    const { listen } = await port();

    expect((await listen(query)).status).toBe(400);
  });
});

describe('a listener that reconnects', () => {
  test('receives what was published after the last decision it received', async () => {
    const { feed, listen } = await port();
    const first = await listen();
    feed.publishDecision(decision({ id: 'a' }));
    await expectEvents(first, ['a']);
    first.leave();

    feed.publishDecision(decision({ id: 'b' }));
    feed.publishSettlement(settlement({ decisionId: 'a' }), 'atendimento');
    const again = await listen('', RUI, { 'last-event-id': 'a' });
    const named = await listen('?after=b&team=atendimento');

    await expectEvents(again, ['b', 'settlement a']);
    await expectEvents(named, ['settlement a']);
  });

  test('is told that events may be missing if its last decision is not remembered', async () => {
    const { feed, listen } = await port();
    const stream = await listen('', RUI, { 'last-event-id': 'of-another-process' });

    feed.publishDecision(decision({ id: 'a' }));

    await expectEvents(stream, ['missed ', 'a']);
  });
});

describe('a stream', () => {
  test('is kept alive, and ends once its listener may no longer read', async () => {
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

  test('is ended properly when the process stops, and no new one begins', async () => {
    const { live, listen } = await port();
    const stream = await listen();

    live.close();

    expect(await stream.over).toBe('ended');
    expect((await listen()).status).toBe(503);
  });

  test('polls for decisions of other processes only while somebody listens, and goes on after a failure', async () => {
    let polls = 0;
    const { listen, counted } = await port({
      pollEveryMs: 5,
      publishOthers: () => {
        polls += 1;
        return polls === 1 ? Promise.reject(new Error('the ledger is busy')) : Promise.resolve();
      },
    });
    await sleep(30);
    const before = polls;

    const stream = await listen();
    await vi.waitFor(() => expect(polls).toBeGreaterThan(2));
    stream.leave();
    await vi.waitFor(() => expect(counted.listeners).toBe(0));
    await sleep(30);
    const after = polls;
    await sleep(50);

    expect(before).toBe(0);
    expect(counted.errors).toEqual([new Error('the ledger is busy')]);
    expect(polls).toBe(after);
  });
});
