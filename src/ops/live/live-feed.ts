import type { DecisionFeed, FeedEvent } from '../../records/decision-feed.ts';
import { startRounds } from '../../vocabulary/rounds.ts';
import type { Redaction } from '../access/redact.ts';
import { decisionMessage, HEARTBEAT, MISSED, OPENING, settlementMessage } from './messages.ts';

/** Where one listener's messages go: an answer that stays open. */
export interface Outlet {
  /** Characters or bytes that are written and not yet taken over by the network. */
  readonly waiting: number;
  write(message: string): void;
  /** Ends it in good order; the listener may come again. */
  end(): void;
  /** Cuts it off. */
  cut(): void;
}

export interface Listening {
  readonly redaction: Redaction;
  /** Only this team's queries; null: all. */
  readonly team: string | null;
  /** The last decision that the listener has seen; null where it has seen none. */
  readonly after: string | null;
  /** Asked now and then: false ends the listening, as where a session is over. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** Queries as they pass, for those who watch. */
export interface LiveFeed {
  /** What it returns ends the listening; null where there are too many who listen. */
  listen(listening: Listening, outlet: Outlet): (() => void) | null;
  /** Ends all listening, and lets nobody listen any more. */
  close(): void;
}

export interface LiveFeedOptions {
  readonly feed: DecisionFeed;
  /** Tells the feed what other processes entered into the ledger since an instant. */
  readonly askOthers: (sinceMs: number) => Promise<void>;
  /** Told why others could not be asked, or somebody could not be told. */
  readonly onError: (error: unknown) => void;
  /** Told of a listener who was too slow. */
  readonly onDropped: () => void;
  readonly onListeners: (count: number) => void;
  readonly mostListeners?: number;
  readonly pollEveryMs?: number;
  readonly heartbeatMs?: number;
}

const MOST_LISTENERS = 100;
const POLL_EVERY_MS = 2_000;
const HEARTBEAT_MS = 15_000;

/** How far a poll looks back: clocks differ, and a decision is written a moment after it is made. */
const LOOK_BACK_MS = 5_000;

/** A listener for whom more than this waits is dropped: it may come again, and is told what it missed. */
const MOST_WAITING = 1 << 20;

interface Listener extends Listening {
  readonly outlet: Outlet;
}

/** Tells of what this process decides as it happens; the ledger is asked for the others only while somebody watches. */
export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { feed, mostListeners = MOST_LISTENERS, pollEveryMs = POLL_EVERY_MS } = options;
  const listeners = new Set<Listener>();
  let isClosed = false;
  let stopWork: (() => void) | null = null;

  function leave(listener: Listener): void {
    if (!listeners.delete(listener)) return;
    options.onListeners(listeners.size);
    if (listeners.size > 0) return;
    stopWork?.();
    stopWork = null;
  }

  function send(listener: Listener, message: string): void {
    if (listener.outlet.waiting > MOST_WAITING) {
      leave(listener);
      listener.outlet.cut();
      options.onDropped();
    } else listener.outlet.write(message);
  }

  /** The same text goes to all who are shown the same. */
  function tellAll(event: FeedEvent): void {
    const written = new Map<boolean, string>();
    for (const listener of listeners) {
      if (listener.team !== null && listener.team !== event.team) continue;
      const { redaction } = listener;
      const message = written.get(redaction.showsAll) ?? messageOf(event, redaction);
      written.set(redaction.showsAll, message);
      send(listener, message);
    }
  }

  async function beat(listener: Listener): Promise<void> {
    if (await listener.mayGoOn()) return send(listener, HEARTBEAT);
    leave(listener);
    listener.outlet.end();
  }

  /** Nothing is asked, and nothing is sent, while nobody listens. */
  function startWork(): () => void {
    const endListening = feed.listen((event) => {
      try {
        tellAll(event);
      } catch (error) {
        options.onError(error);
      }
    });
    const endPolling = startRounds({ firstAfterMs: 0, everyMs: pollEveryMs, onError: options.onError }, () =>
      options.askOthers(Date.now() - LOOK_BACK_MS),
    );
    const beats = setInterval(() => {
      for (const listener of listeners) void beat(listener).catch(options.onError);
    }, options.heartbeatMs ?? HEARTBEAT_MS).unref();
    return () => {
      endListening();
      void endPolling();
      clearInterval(beats);
    };
  }

  return {
    listen(listening, outlet) {
      if (isClosed || listeners.size >= mostListeners) return null;
      const listener = { ...listening, outlet };
      outlet.write(OPENING);
      for (const message of missedBy(listening, feed)) outlet.write(message);
      listeners.add(listener);
      options.onListeners(listeners.size);
      stopWork ??= startWork();
      return () => leave(listener);
    },
    close() {
      isClosed = true;
      for (const listener of [...listeners]) {
        leave(listener);
        listener.outlet.end();
      }
    },
  };
}

/** What came after the last decision that a listener saw, or that this is not known any more. */
function missedBy({ after, team, redaction }: Listening, feed: DecisionFeed): readonly string[] {
  if (after === null) return [];
  const events = feed.after(after);
  if (events === null) return [MISSED];
  return events
    .filter((event) => team === null || event.team === team)
    .map((event) => messageOf(event, redaction));
}

function messageOf(event: FeedEvent, redaction: Redaction): string {
  return event.kind === 'decision'
    ? decisionMessage(redaction.decision({ ...event.decision, settlement: null }))
    : settlementMessage(event.settlement, event.team);
}
