import type { FeedEvent } from '../../records/decision-feed.ts';
import type { Redaction } from '../access/redact.ts';
import { eventMessage, HEARTBEAT } from './messages.ts';

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

/** Who listens, and to what. */
export interface Listening {
  readonly redaction: Redaction;
  /** Only this team's queries; null: all. */
  readonly team: string | null;
  /** The last decision that the listener has seen; null where it has seen none. */
  readonly after: string | null;
  /** Asked now and then: false ends the listening, as where a session is over. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** Who listens, and the connection that they listen by. */
export interface FeedListener extends Listening {
  readonly outlet: Outlet;
}

/** Those who listen at the moment. */
export interface Audience {
  readonly size: number;
  join(listener: FeedListener): void;
  leave(listener: FeedListener): void;
  /** Tells all whom it is for. */
  tell(event: FeedEvent): void;
  /** Lets each know that the connection lives; who may not go on is dismissed. */
  beat(): void;
  dismissAll(): void;
}

export interface AudienceOptions {
  /** Told why somebody could not be asked whether they may go on. */
  readonly onError: (error: unknown) => void;
  /** Told of a listener who was too slow. */
  readonly onDropped: () => void;
  readonly onListeners: (count: number) => void;
}

/** A listener for whom more than this waits is dropped: it may come again, and is told what it missed. */
const MOST_WAITING = 1 << 20;

export function createAudience({ onError, onDropped, onListeners }: AudienceOptions): Audience {
  const listeners = new Set<FeedListener>();

  function leave(listener: FeedListener): void {
    if (listeners.delete(listener)) onListeners(listeners.size);
  }

  function dismiss(listener: FeedListener): void {
    leave(listener);
    listener.outlet.end();
  }

  function send(listener: FeedListener, message: string): void {
    if (listener.outlet.waiting > MOST_WAITING) {
      leave(listener);
      listener.outlet.cut();
      onDropped();
    } else listener.outlet.write(message);
  }

  /** The same text goes to all who are shown the same. */
  function tell(event: FeedEvent): void {
    const written = new Map<boolean, string>();
    for (const listener of listeners) {
      if (listener.team !== null && listener.team !== event.team) continue;
      const { redaction } = listener;
      const message = written.get(redaction.showsAll) ?? eventMessage(event, redaction);
      written.set(redaction.showsAll, message);
      send(listener, message);
    }
  }

  async function beat(listener: FeedListener): Promise<void> {
    if (await listener.mayGoOn()) send(listener, HEARTBEAT);
    else dismiss(listener);
  }

  return {
    get size() {
      return listeners.size;
    },
    join(listener) {
      listeners.add(listener);
      onListeners(listeners.size);
    },
    leave,
    tell,
    beat() {
      for (const listener of listeners) void beat(listener).catch(onError);
    },
    dismissAll() {
      for (const listener of [...listeners]) dismiss(listener);
    },
  };
}
