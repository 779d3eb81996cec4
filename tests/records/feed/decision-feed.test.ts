import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  createDecisionFeed,
  type DecisionFeed,
  type FeedEvent,
} from '../../../src/records/feed/decision-feed.ts';
import { decision, settlement } from '../builders.ts';

/** The ID of the event's decision, and whether it was settled. */
function nameOf(event: FeedEvent): string {
  return event.kind === 'decision' ? event.decision.id : `${event.settlement.decisionId} settled`;
}

function decide(feed: DecisionFeed, ...ids: readonly string[]): void {
  for (const id of ids) feed.publishDecision(decision({ id }));
}

/** Listens from now on, and collects what it receives. */
function listener(feed: DecisionFeed) {
  const received: string[] = [];
  const end = feed.listen((event) => received.push(nameOf(event)));
  return { received, end };
}

describe('listeners of the decision feed', () => {
  test('receive later events in order, after the publisher has gone on', async () => {
    const feed = createDecisionFeed();
    decide(feed, 'a');
    const { received } = listener(feed);

    decide(feed, 'b', 'c');
    feed.publishSettlement(settlement({ decisionId: 'b' }), 'atendimento');
    const heardAtOnce = [...received];
    await turn();
    decide(feed, 'd');
    await turn();

    expect(heardAtOnce).toEqual([]);
    expect(received).toEqual(['b', 'c', 'b settled', 'd']);
  });

  test('receive a repeated event once, but every correction', async () => {
    const feed = createDecisionFeed();
    const { received } = listener(feed);

    decide(feed, 'a', 'a');
    const assumed = settlement({ decisionId: 'a', source: 'assumed' });
    for (const each of [assumed, assumed, { ...assumed, source: 'reconciled' } as const]) {
      feed.publishSettlement(each, 'atendimento');
    }
    await turn();

    expect(received).toEqual(['a', 'a settled', 'a settled']);
  });

  test('receive nothing more once they have left', async () => {
    const feed = createDecisionFeed();
    const { received, end } = listener(feed);

    decide(feed, 'a');
    await turn();
    end();
    decide(feed, 'b');
    await turn();

    expect(received).toEqual(['a']);
  });
});

describe('a listener that comes back', () => {
  test('gets the events after the last decision that it knows', () => {
    const feed = createDecisionFeed();
    decide(feed, 'a', 'b');
    feed.publishSettlement(settlement({ decisionId: 'a' }), 'atendimento');
    decide(feed, 'c');

    expect(feed.eventsAfter('a')?.map(nameOf)).toEqual(['b', 'a settled', 'c']);
    expect(feed.eventsAfter('c')).toEqual([]);
    expect(feed.eventsAfter('of-another-process')).toBeNull();
  });

  test('learns that events may be missing when that decision is too long ago', () => {
    const feed = createDecisionFeed();
    decide(feed, ...Array.from({ length: 501 }, (_, i) => `${i}`));

    expect(feed.eventsAfter('0')).toBeNull();
    expect(feed.eventsAfter('1')).toHaveLength(499);
  });

  test('finds fewer events remembered when queries are large, but always the last', () => {
    const feed = createDecisionFeed();
    const sql = 'x'.repeat(1_000_000);
    for (const id of ['a', 'b', 'c']) feed.publishDecision(decision({ id, sql }));
    feed.publishDecision(decision({ id: 'd', sql: sql.repeat(3) }));

    expect(feed.eventsAfter('c')).toBeNull();
    expect(feed.eventsAfter('d')).toEqual([]);
  });

  test('finds fewer events remembered when readings are large, even without SQL', () => {
    const feed = createDecisionFeed();
    const use = { star: true, projected: [], filtered: [], joined: [], grouped: [] };
    const tables = Array.from({ length: 10_000 }, (_, n) => ({
      ...use,
      table: { projectId: 'p', datasetId: 'd', tableId: `t${n}` },
    }));
    const { reading } = decision();
    const ids = Array.from({ length: 20 }, (_, n) => `d${n}`);

    for (const id of ids) feed.publishDecision(decision({ id, sql: '', reading: { ...reading, tables } }));

    expect(feed.eventsAfter('d0')).toBeNull();
    expect(feed.eventsAfter('d19')).toEqual([]);
  });
});
