import { LRUCache } from 'lru-cache';
import type { Decision, Settlement } from '../vocabulary/decision.ts';

/** Something that has just been decided, or come to its end. */
export type FeedEvent =
  | { readonly kind: 'decision'; readonly team: string; readonly decision: Decision }
  | { readonly kind: 'settlement'; readonly team: string; readonly settlement: Settlement };

/** What tells one settlement from another: one that corrects an earlier one is news. */
type SettlementName = Pick<Settlement, 'decisionId' | 'atMs'> & { readonly source: string };

/** What queries tell as they pass. It costs them nothing: whoever listens is told behind them. */
export interface FeedSource {
  decided(decision: Decision): void;
  /** @param team the team of the query */
  settled(settlement: Settlement, team: string): void;
}

/** Decisions and settlements as they happen, each once, and the last of them for those who come late. */
export interface DecisionFeed extends FeedSource {
  /** What came after a decision; null where that is not remembered, so that something may be missing. */
  after(decisionId: string): readonly FeedEvent[] | null;
  /** True of what was told already. */
  knowsDecision(id: string): boolean;
  knowsSettlement(settlement: SettlementName): boolean;
  /** Tells each event from now on; what it returns ends that. A listener must neither throw nor take long. */
  listen(listener: (event: FeedEvent) => void): () => void;
}

const MOST_REMEMBERED = 500;

/**
 * An event weighs as many bytes as it takes, or so: of its SQL, and of what was read of it, which can be much longer,
 * and is there where the SQL is not kept.
 */
const MOST_WEIGHT = 8_000_000;
const LEAST_WEIGHT = 2_000;
const WEIGHT_OF_A_CHARACTER = 2;
/** In memory, what is written as JSON in so many characters takes more. */
const WEIGHT_OF_A_CHARACTER_READ = 3;

/** Known a good while longer than they are remembered: a poll of the ledger looks back over some seconds. */
const MOST_KNOWN = 10_000;

/** A feed of what this process is told, kept in memory. */
export function createDecisionFeed(): DecisionFeed {
  const remembered: { readonly event: FeedEvent; readonly weight: number }[] = [];
  const known = new LRUCache<string, true>({ max: MOST_KNOWN });
  const listeners = new Set<(event: FeedEvent) => void>();
  let weight = 0;
  let untold: FeedEvent[] = [];

  function tell(event: FeedEvent): void {
    const key = keyOf(event);
    if (known.has(key)) return;
    known.set(key, true);
    remember(event);
    if (listeners.size === 0) return;
    if (untold.length === 0) setImmediate(tellListeners);
    untold.push(event);
  }

  function remember(event: FeedEvent): void {
    const own = weightOf(event);
    remembered.push({ event, weight: own });
    weight += own;
    while (remembered.length > MOST_REMEMBERED || (weight > MOST_WEIGHT && remembered.length > 1)) {
      weight -= remembered.shift()?.weight ?? 0;
    }
  }

  function tellListeners(): void {
    const events = untold;
    untold = [];
    for (const listener of listeners) for (const event of events) listener(event);
  }

  return {
    decided: (decision) => tell({ kind: 'decision', team: decision.caller.team, decision }),
    settled: (settlement, team) => tell({ kind: 'settlement', team, settlement }),
    after(decisionId) {
      const index = remembered.findIndex(
        ({ event }) => event.kind === 'decision' && event.decision.id === decisionId,
      );
      return index === -1 ? null : remembered.slice(index + 1).map(({ event }) => event);
    },
    knowsDecision: (id) => known.has(id),
    knowsSettlement: (settlement) => known.has(keyOfSettlement(settlement)),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function keyOf(event: FeedEvent): string {
  return event.kind === 'decision' ? event.decision.id : keyOfSettlement(event.settlement);
}

function keyOfSettlement({ decisionId, source, atMs }: SettlementName): string {
  return `${decisionId} ${source} ${atMs}`;
}

function weightOf(event: FeedEvent): number {
  if (event.kind === 'settlement') return LEAST_WEIGHT;
  const { sql, reading } = event.decision;
  const read = JSON.stringify(reading).length * WEIGHT_OF_A_CHARACTER_READ;
  return LEAST_WEIGHT + sql.length * WEIGHT_OF_A_CHARACTER + read;
}
