import { LRUCache } from 'lru-cache';
import type { Decision, Settlement } from '../../vocabulary/decision.ts';

/** A decision that was just made, or a settlement that was just entered. */
export type FeedEvent =
  | { readonly kind: 'decision'; readonly team: string; readonly decision: Decision }
  | { readonly kind: 'settlement'; readonly team: string; readonly settlement: Settlement };

/** Identifies a settlement: one that corrects an earlier one is news. */
type SettlementKey = Pick<Settlement, 'decisionId' | 'atMs'> & { readonly source: string };

/** Where queries report what happens to them. It costs them nothing: listeners are called later. */
export interface FeedPublisher {
  publishDecision(decision: Decision): void;
  /** @param team the team of the query */
  publishSettlement(settlement: Settlement, team: string): void;
}

/** Decisions and settlements as they happen, each once, and the most recent ones for listeners who join late. */
export interface DecisionFeed extends FeedPublisher {
  /** The events after a decision; null if it is no longer remembered, so that some may be missing. */
  eventsAfter(decisionId: string): readonly FeedEvent[] | null;
  /** True if it was reported already. */
  hasDecision(id: string): boolean;
  hasSettlement(settlement: SettlementKey): boolean;
  /**
   * Calls the listener for each event from now on; the returned function stops that. A listener must neither throw nor
   * take long.
   */
  listen(listener: (event: FeedEvent) => void): () => void;
}

const MAX_EVENTS_REMEMBERED = 500;

/**
 * An event weighs roughly the bytes it takes: its SQL, and what was read in it, which can be much longer and is there
 * even if the SQL is not kept.
 */
const MAX_REMEMBERED_WEIGHT = 8_000_000;
const LEAST_WEIGHT = 2_000;
const WEIGHT_OF_A_CHARACTER = 2;
/** A value takes more bytes in memory than its JSON has characters. */
const WEIGHT_OF_A_CHARACTER_READ = 3;

/** Events are known for much longer than they are remembered: a poll of the ledger looks back several seconds. */
const MAX_IDS_REMEMBERED = 10_000;

/** A feed of this process's events, kept in memory. */
export function createDecisionFeed(): DecisionFeed {
  const latest = createLatestEvents();
  const published = new LRUCache<string, true>({ max: MAX_IDS_REMEMBERED });
  const listeners = new Set<(event: FeedEvent) => void>();
  let pending: FeedEvent[] = [];

  function publish(event: FeedEvent): void {
    const key = keyOf(event);
    if (published.has(key)) return;
    published.set(key, true);
    latest.add(event);
    if (listeners.size === 0) return;
    if (pending.length === 0) setImmediate(notifyListeners);
    pending.push(event);
  }

  function notifyListeners(): void {
    const events = pending;
    pending = [];
    for (const listener of listeners) for (const event of events) listener(event);
  }

  return {
    publishDecision: (decision) => publish({ kind: 'decision', team: decision.caller.team, decision }),
    publishSettlement: (settlement, team) => publish({ kind: 'settlement', team, settlement }),
    eventsAfter: latest.after,
    hasDecision: (id) => published.has(id),
    hasSettlement: (settlement) => published.has(keyOfSettlement(settlement)),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The latest events, as many as may be remembered. */
function createLatestEvents() {
  const remembered: { readonly event: FeedEvent; readonly weight: number }[] = [];
  let weight = 0;
  return {
    add(event: FeedEvent): void {
      const eventWeight = weightOf(event);
      remembered.push({ event, weight: eventWeight });
      weight += eventWeight;
      while (
        remembered.length > MAX_EVENTS_REMEMBERED ||
        (weight > MAX_REMEMBERED_WEIGHT && remembered.length > 1)
      ) {
        weight -= remembered.shift()?.weight ?? 0;
      }
    },
    after(decisionId: string): readonly FeedEvent[] | null {
      const index = remembered.findIndex(
        ({ event }) => event.kind === 'decision' && event.decision.id === decisionId,
      );
      return index === -1 ? null : remembered.slice(index + 1).map(({ event }) => event);
    },
  };
}

function keyOf(event: FeedEvent): string {
  return event.kind === 'decision' ? event.decision.id : keyOfSettlement(event.settlement);
}

function keyOfSettlement({ decisionId, source, atMs }: SettlementKey): string {
  return `${decisionId} ${source} ${atMs}`;
}

function weightOf(event: FeedEvent): number {
  if (event.kind === 'settlement') return LEAST_WEIGHT;
  const { sql, reading } = event.decision;
  const read = JSON.stringify(reading).length * WEIGHT_OF_A_CHARACTER_READ;
  return LEAST_WEIGHT + sql.length * WEIGHT_OF_A_CHARACTER + read;
}
