import { expect, test } from 'vitest';
import { createDecisionFeed, type FeedEvent } from '../../../src/records/feed/decision-feed.ts';
import { publishRecent } from '../../../src/records/feed/recent-events.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision, settlement } from '../builders.ts';
import { enter, enterSettlement } from '../journal/entries.ts';

const noon = Date.UTC(2026, 10, 24, 12);

function nameOf(event: FeedEvent): string {
  return event.kind === 'decision'
    ? `${event.decision.id} of ${event.team}`
    : `${event.settlement.decisionId} settled as ${event.settlement.source} of ${event.team}`;
}

/** What the feed has been told after the decision `start`, which is told first. */
function startedFeed() {
  const feed = createDecisionFeed();
  feed.publishDecision(decision({ id: 'start' }));
  return { feed, told: () => feed.eventsAfter('start')?.map(nameOf) };
}

test('events that other processes entered are reported once, in order', async () => {
  const ledger = await freshLedger();
  const { feed, told } = startedFeed();
  await enter(ledger, { decision: { id: 'b', at_ms: BigInt(noon + 20), team: 'finops' } });
  await enter(ledger, { decision: { id: 'a', at_ms: BigInt(noon + 10) }, settlement: null });

  for (const _time of [1, 2]) await publishRecent(ledger.read, feed, noon);

  expect(told()).toEqual(['a of atendimento', 'b of finops', 'b settled as response of finops']);
});

test('an event that this process reported is not repeated, but a correction of it is reported', async () => {
  const ledger = await freshLedger();
  const { feed, told } = startedFeed();
  const atMs = noon + 10;
  feed.publishDecision(decision({ id: 'a', atMs }));
  feed.publishSettlement(settlement({ decisionId: 'a', atMs: atMs + 900 }), 'atendimento');
  await enter(ledger, { decision: { id: 'a', at_ms: BigInt(atMs) } });
  await enterSettlement(ledger, {
    decision_id: 'a',
    version: 2n,
    at_ms: BigInt(atMs + 5000),
    source: 'reconciled',
    job_id: null,
  });

  await publishRecent(ledger.read, feed, noon);

  expect(told()).toEqual([
    'a of atendimento',
    'a settled as response of atendimento',
    'a settled as reconciled of atendimento',
  ]);
});

test('older events are not reported', async () => {
  const ledger = await freshLedger();
  const { feed, told } = startedFeed();
  await enter(ledger, { decision: { id: 'old', at_ms: BigInt(noon - 60_000) } });
  await enter(ledger, {
    decision: { id: 'late', at_ms: BigInt(noon - 60_000) },
    settlement: { at_ms: BigInt(noon + 1) },
  });

  await publishRecent(ledger.read, feed, noon);

  expect(told()).toEqual(['late settled as response of atendimento']);
});

test('of a flood of events, the newest are reported', async () => {
  const ledger = await freshLedger();
  const { feed, told } = startedFeed();
  for (let i = 0; i < 120; i += 1) {
    await enter(ledger, { decision: { id: `${i}`, at_ms: BigInt(noon + i) }, settlement: null });
  }

  await publishRecent(ledger.read, feed, noon);

  expect(told()?.length).toBe(100);
  expect(told()?.at(-1)).toBe('119 of atendimento');
});

test('what this process reported leaves the room to what others entered', async () => {
  const ledger = await freshLedger();
  const { feed, told } = startedFeed();
  await enter(ledger, {
    decision: { id: 'of another', at_ms: BigInt(noon) },
    settlement: { at_ms: BigInt(noon) },
  });
  for (let i = 1; i <= 100; i += 1) {
    const [id, atMs] = [`${i}`, noon + i];
    feed.publishDecision(decision({ id, atMs }));
    feed.publishSettlement(settlement({ decisionId: id, atMs }), 'atendimento');
    await enter(ledger, { decision: { id, at_ms: BigInt(atMs) }, settlement: { at_ms: BigInt(atMs) } });
  }

  await publishRecent(ledger.read, feed, noon);

  expect(told()?.slice(200)).toEqual([
    'of another of atendimento',
    'of another settled as response of atendimento',
  ]);
});
