import type { FeedEvent } from '../../records/feed/decision-feed.ts';
import type { Redaction } from '../redaction/redact.ts';
import { eventMessage, HEARTBEAT } from './messages.ts';

/** Where a listener's messages go: a response that stays open. */
export interface Outlet {
  /** Characters or bytes that are written but not yet taken by the network. */
  readonly waiting: number;
  write(message: string): void;
  /** Ends it properly; the listener may come back. */
  end(): void;
  /** Cuts it off. */
  cut(): void;
}

/** Who listens, and to what. */
export interface Subscription {
  /** Who it is; null for those without a name, of whom one is not told from another. */
  readonly name: string | null;
  readonly redaction: Redaction;
  /** Only this team's queries; null: all. */
  readonly team: string | null;
  /** The last decision that the listener has seen; null if none. */
  readonly after: string | null;
  /** Asked from time to time: false ends the subscription, for example when a session has expired. */
  readonly mayContinue: () => Promise<boolean>;
}

/** A listener, with its connection. */
export interface FeedListener extends Subscription {
  readonly outlet: Outlet;
}

/** The current listeners. */
export interface Audience {
  readonly size: number;
  /** How many of these listen by one name, or by none. */
  of(name: string | null): number;
  join(listener: FeedListener): void;
  leave(listener: FeedListener): void;
  /** Sends a message to everyone whom it is for. */
  send(event: FeedEvent): void;
  /** Shows each listener that the connection is alive, and dismisses those who may not go on. */
  heartbeat(): void;
  dismissAll(): void;
}

export interface AudienceOptions {
  /** Called when it could not be checked whether a listener may go on. */
  readonly onError: (error: unknown) => void;
  /** Called when a listener was too slow. */
  readonly onDropped: () => void;
  readonly onListeners: (count: number) => void;
}

/** A listener with more than this waiting is dropped: it may come back, and then gets what it missed. */
const MAX_WAITING = 1 << 20;

/** The listeners of this process, nobody yet. */
export function createAudience({ onError, onDropped, onListeners }: AudienceOptions): Audience {
  const listeners = new Set<FeedListener>();

  function leave(listener: FeedListener): void {
    if (listeners.delete(listener)) onListeners(listeners.size);
  }

  function dismiss(listener: FeedListener): void {
    leave(listener);
    listener.outlet.end();
  }

  function sendTo(listener: FeedListener, message: string): void {
    if (listener.outlet.waiting > MAX_WAITING) {
      leave(listener);
      listener.outlet.cut();
      onDropped();
    } else listener.outlet.write(message);
  }

  /** Listeners who may see the same get the same text. */
  function send(event: FeedEvent): void {
    const messages = new Map<boolean, string>();
    for (const listener of listeners) {
      if (listener.team !== null && listener.team !== event.team) continue;
      const { redaction } = listener;
      const message = messages.get(redaction.showsAll) ?? eventMessage(event, redaction);
      messages.set(redaction.showsAll, message);
      sendTo(listener, message);
    }
  }

  async function heartbeat(listener: FeedListener): Promise<void> {
    if (await listener.mayContinue()) sendTo(listener, HEARTBEAT);
    else dismiss(listener);
  }

  return {
    get size() {
      return listeners.size;
    },
    of: (name) => [...listeners].filter((listener) => listener.name === name).length,
    join(listener) {
      listeners.add(listener);
      onListeners(listeners.size);
    },
    leave,
    send,
    heartbeat() {
      for (const listener of listeners) void heartbeat(listener).catch(onError);
    },
    dismissAll() {
      for (const listener of [...listeners]) dismiss(listener);
    },
  };
}
