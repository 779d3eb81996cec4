import { startRounds } from '../../foundation/waiting/rounds.ts';
import type { DecisionFeed } from '../../records/feed/decision-feed.ts';
import {
  type Audience,
  type AudienceOptions,
  createAudience,
  type Outlet,
  type Subscription,
} from './audience.ts';
import { eventMessage, MISSED, OPENING } from './messages.ts';

/** Live queries, for those who watch. */
export interface LiveFeed {
  /** Listens until the returned function is called; null if there are too many listeners already, in all or with this name. */
  listen(subscription: Subscription, outlet: Outlet): (() => void) | null;
  /** Ends all listening, and accepts no more listeners. */
  close(): void;
}

/** Decisions of this process come through the feed; those of other replicas are polled. */
export interface LiveFeedOptions extends AudienceOptions {
  readonly feed: DecisionFeed;
  /** Adds to the feed what other processes have entered in the ledger since an instant. */
  readonly publishOthers: (sinceMs: number) => Promise<void>;
  /** Called when the other processes could not be polled, or a listener could not be reached. */
  readonly onError: (error: unknown) => void;
  readonly mostListeners?: number;
  /** Of one name. */
  readonly mostOfOne?: number;
  readonly pollEveryMs?: number;
  readonly heartbeatMs?: number;
}

const MAX_LISTENERS = 100;
/** Windows of one person: more are a program, or somebody who would keep all others out. */
const MAX_PER_NAME = 20;
/** Those without a name leave every so many-th place to those with one. */
const KEPT_FOR_NAMED = 5;
const POLL_EVERY_MS = 2_000;
const HEARTBEAT_MS = 15_000;

/** How far back a poll looks: clocks differ, and a decision is written a moment after it is made. */
const LOOK_BACK_MS = 5_000;

/** Sends this process's decisions as they happen; it polls the ledger for the others only while somebody watches. */
export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  let isClosed = false;
  let stopWork: (() => void) | null = null;
  const audience = createAudience({
    ...options,
    onListeners(count) {
      options.onListeners(count);
      if (count > 0) return;
      stopWork?.();
      stopWork = null;
    },
  });

  return {
    listen(subscription, outlet) {
      if (isClosed || isFull(audience, subscription, options)) return null;
      const listener = { ...subscription, outlet };
      outlet.write(OPENING);
      for (const message of missedMessages(subscription, options.feed)) outlet.write(message);
      audience.join(listener);
      stopWork ??= startWork(audience, options);
      return () => audience.leave(listener);
    },
    close() {
      isClosed = true;
      audience.dismissAll();
    },
  };
}

function isFull(
  audience: Audience,
  { name }: Subscription,
  { mostListeners = MAX_LISTENERS, mostOfOne = MAX_PER_NAME }: LiveFeedOptions,
): boolean {
  const mostNameless = mostListeners - Math.ceil(mostListeners / KEPT_FOR_NAMED);
  return audience.size >= mostListeners || audience.of(name) >= (name === null ? mostNameless : mostOfOne);
}

/** Without listeners, nothing is polled and nothing is sent. */
function startWork(audience: Audience, options: LiveFeedOptions): () => void {
  const { onError, pollEveryMs = POLL_EVERY_MS, heartbeatMs = HEARTBEAT_MS } = options;
  const endListening = options.feed.listen((event) => {
    try {
      audience.send(event);
    } catch (error) {
      onError(error);
    }
  });
  const endPolling = startRounds({ firstAfterMs: 0, everyMs: pollEveryMs, onError }, () =>
    options.publishOthers(Date.now() - LOOK_BACK_MS),
  );
  const heartbeats = setInterval(audience.heartbeat, heartbeatMs).unref();
  return () => {
    endListening();
    void endPolling();
    clearInterval(heartbeats);
  };
}

/** What came after the last decision that a listener saw, or a message that this is no longer known. */
function missedMessages({ after, team, redaction }: Subscription, feed: DecisionFeed): readonly string[] {
  if (after === null) return [];
  const events = feed.eventsAfter(after);
  if (events === null) return [MISSED];
  return events
    .filter((event) => team === null || event.team === team)
    .map((event) => eventMessage(event, redaction));
}
