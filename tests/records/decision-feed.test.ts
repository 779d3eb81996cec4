import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createDecisionFeed, type DecisionFeed, type FeedEvent } from '../../src/records/decision-feed.ts';
import { decision, settlement } from './builders.ts';

/** The ID of the decision that an event is about, with what it is. */
function nameOf(event: FeedEvent): string {
  return event.kind === 'decision' ? event.decision.id : `${event.settlement.decisionId} settled`;
}

function decide(feed: DecisionFeed, ...ids: readonly string[]): void {
  for (const id of ids) feed.publishDecision(decision({ id }));
}

/** Who listens from now on, and what they have heard. */
function listener(feed: DecisionFeed) {
  const received: string[] = [];
  const end = feed.listen((event) => received.push(nameOf(event)));
  return { received, end };
}

describe('those who listen', () => {
  test('are told of what happens from then on, behind it, in order', async () => {
    const feed = createDecisionFeed();
    decide(feed, 'a');
    const { received } = listener(feed);

    decide(feed, 'b', 'c');
    feed.publishSettlement(settlement({ decisionId: 'b' }), 'atendimento');
    const heardAtOnce = [...received];
    await turn();

    expect(heardAtOnce).toEqual([]);
    expect(received).toEqual(['b', 'c', 'b settled']);
  });

  test('are told once of what is told twice, but of each correction', async () => {
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

  test('are told no more once they have left', async () => {
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

describe('who comes late', () => {
  test('is told what came after the last decision that they know', () => {
    const feed = createDecisionFeed();
    decide(feed, 'a', 'b');
    feed.publishSettlement(settlement({ decisionId: 'a' }), 'atendimento');
    decide(feed, 'c');

    expect(feed.eventsAfter('a')?.map(nameOf)).toEqual(['b', 'a settled', 'c']);
    expect(feed.eventsAfter('c')).toEqual([]);
    expect(feed.eventsAfter('of-another-process')).toBeNull();
  });

  test('is told that something may be missing where that is long ago', () => {
    const feed = createDecisionFeed();
    decide(feed, ...Array.from({ length: 501 }, (_, i) => `${i}`));

    expect(feed.eventsAfter('0')).toBeNull();
    expect(feed.eventsAfter('1')).toHaveLength(499);
  });

  test('finds less remembered where queries are large, and the last in any case', () => {
    const feed = createDecisionFeed();
    const sql = 'x'.repeat(1_000_000);
    for (const id of ['a', 'b', 'c']) feed.publishDecision(decision({ id, sql }));
    feed.publishDecision(decision({ id: 'd', sql: sql.repeat(3) }));

    expect(feed.eventsAfter('c')).toBeNull();
    expect(feed.eventsAfter('d')).toEqual([]);
  });

  test('remembers fewer where much was read of what is not kept', () => {
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
