import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenTo, type Stream } from '../ops/live/listen.ts';
import { ATENDIMENTO, clientAt, eventually, FINOPS, useHouse } from './guardrail.ts';
import { type ProxyProcess, startBeside } from './proxy-process.ts';

const house = useHouse({
  sandbox: { messages: 3_000 },
  settings: { viewer_tokens: { bia: 'token-of-bia-0123456789' }, anonymous_role: 'analyst' },
});

/** A second guardrail on the same ledger. */
let other: ProxyProcess | null = null;

beforeAll(async () => {
  other = await startBeside(house);
});
afterAll(() => other?.kill());

const TICKETS = "SELECT COUNT(*) AS n FROM atendimento.tickets WHERE subject != 'x'";
const REFUSED = 'SELECT * FROM atendimento.messages';

const listen = (query = '', headers = {}) =>
  listenTo(`${house.guardrail().opsUrl}/api/v1/decisions/stream${query}`, headers);

/** The events of a stream so far, in short. */
const eventsOf = (stream: Stream) =>
  stream.events().map(({ event, data }) => `${event} ${data.outcome ?? data.source ?? ''}`);

test('a query appears in the stream when it is decided and when it is settled, a refused one when it is refused', async () => {
  const stream = await listen();

  await house.client().query(TICKETS);
  await expect(house.client().query(REFUSED)).rejects.toThrow();
  await eventually(async () =>
    expect(eventsOf(stream).toSorted()).toEqual([
      'decision admitted',
      'decision refused',
      'settlement response',
    ]),
  );

  const [first] = stream.events();
  const recorded = await house.ops(`/api/v1/decisions/${first?.id}`);
  const { rewrites: _rewrites, settlement: _settlement, ...decided } = recorded;
  expect(first?.data).toEqual({ ...decided, settlement: null });
});

test('a viewer sees the stream without SQL, and of a single team with ?team', async () => {
  const viewer = await listen('?team=finops', { authorization: 'Bearer token-of-bia-0123456789' });

  await house.client(ATENDIMENTO).query(TICKETS);
  await house.client(FINOPS).query("SELECT COUNT(*) AS zqxj FROM finops.contracts WHERE 'zqxj' != ''");
  await eventually(async () =>
    expect(eventsOf(viewer)).toEqual(['decision admitted', 'settlement response']),
  );

  expect(viewer.text()).not.toContain('zqxj');
  expect(viewer.events()[0]?.data).toMatchObject({ sql: null, caller: { team: 'finops' } });
});

test('decisions of another process appear in the stream too, each once', async () => {
  const stream = await listen();

  await clientAt(other?.url ?? '', ATENDIMENTO).query(`${TICKETS} AND subject != 'by the other'`);

  await eventually(async () => {
    const decided = stream.events().find(({ data }) => data.sql?.includes('by the other'));
    expect(decided).toBeDefined();
    expect(stream.events().some(({ data }) => data.decisionId === decided?.id)).toBe(true);
  });
  const all = stream.events().map(({ id, data }) => id ?? `${data.decisionId} ${data.source}`);
  expect(new Set(all).size).toBe(all.length);
});

test('a listener that reconnects with last-event-id receives what it missed, and nothing twice', async () => {
  const first = await listen();
  await house.client().query(TICKETS);
  await eventually(async () => expect(eventsOf(first)).toContain('settlement response'));
  const last = first.events().findLast(({ id }) => id !== null)?.id ?? '';
  first.leave();

  await house.client().query(`${TICKETS} AND subject != 'missed'`);
  const again = await listen('', { 'last-event-id': last });

  await eventually(async () =>
    expect(again.events().some(({ data }) => data.sql?.includes("'missed'"))).toBe(true),
  );
  expect(again.events().some(({ id }) => id === last)).toBe(false);
});

test('an open stream does not keep guardrail from stopping, and is ended properly', async () => {
  const stream = await listen();
  const metric = await house.metric('guardrail_feed_listeners');

  const stopped = house.stop().then(() => 'stopped');
  const first = await Promise.race([stopped, sleep(10_000, 'held up')]);

  expect(metric).toBe(1);
  expect(first).toBe('stopped');
  expect(await stream.over).toBe('ended');
});
