/** A budget that holds only so many queries at once, and how many may wait for it. */
export interface Place {
  /** Which budget, and whose part of it. */
  readonly account: string;
  /** The most that wait at this account in this process; with 0 nobody waits. */
  readonly limit: number;
}

/** What the ledger said: the account that is full, or whatever else it answered, another refusal included. */
export type LedgerAnswer<T> = { readonly full: string } | { readonly full: null; readonly answer: T };

/**
 * Why a query waits no more, though the ledger has not let it through: too many wait, its time is up, its client hung
 * up, or the process stops.
 */
export type WaitEnd = 'line full' | 'too long' | 'gone' | 'closed';

/** How a query came through the turnstile. */
export type PassOutcome<T> =
  | { readonly end: 'answered'; readonly answer: T }
  /** The account that it waited for last. It holds nothing in the ledger. */
  | { readonly end: WaitEnd; readonly account: string };

/** One query that needs a place in every one of its accounts. */
export interface PlaceRequest<T> {
  /** Each account once; none where nothing limits the query. */
  readonly places: readonly Place[];
  /** Whose turns the query counts for: the person, else the principal. */
  readonly caller: string;
  /** The longest that it waits, over all its accounts together. */
  readonly waitMs: number;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
  /** Asks the ledger, which takes all places or none. Called until it is answered, one call at a time. */
  readonly ask: () => Promise<LedgerAnswer<T>>;
}

/** A query on its way through the turnstile. */
export interface Entrant {
  readonly places: readonly Place[];
  readonly caller: string;
  readonly signal: AbortSignal;
  /** The place that is full; null where the query was answered, or asking failed. */
  readonly ask: () => Promise<Place | null>;
  /** Tells of its time being up, or its client gone. Returns what stops that. */
  readonly limitWait: (onEnd: (end: WaitEnd) => void) => () => void;
  /** The query hears why it waits no more. */
  readonly giveUp: (end: WaitEnd, account: string) => void;
  /** Accounts where its turn has come, and that the ledger has not called full since. */
  readonly heard: Set<string>;
  /** The account where it stands in line. */
  standsAt: string | null;
  isAsking: boolean;
  /** Set once its wait has ended, which it hears when it asks no more. */
  ended: WaitEnd | null;
  stopLimit: (() => void) | null;
}

/** @param onFailure called with what `ask` throws */
export function createEntrant<T>(
  request: PlaceRequest<T>,
  onOutcome: (outcome: PassOutcome<T>) => void,
  onFailure: (error: unknown) => void,
): Entrant {
  const { places, caller, signal, waitMs } = request;
  return {
    places,
    caller,
    signal,
    async ask() {
      try {
        const asked = await request.ask();
        if (asked.full !== null) return placeOf(places, asked.full);
        onOutcome({ end: 'answered', answer: asked.answer });
      } catch (error) {
        onFailure(error);
      }
      return null;
    },
    limitWait(onEnd) {
      const onAbort = () => onEnd('gone');
      const timer = setTimeout(() => onEnd('too long'), waitMs);
      signal.addEventListener('abort', onAbort);
      return () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
    },
    giveUp: (end, account) => onOutcome({ end, account }),
    heard: new Set(),
    standsAt: null,
    isAsking: false,
    ended: null,
    stopLimit: null,
  };
}

function placeOf(places: readonly Place[], account: string): Place {
  const place = places.find((each) => each.account === account);
  if (place === undefined) {
    throw new Error(
      `The ledger calls ${account} full, which is no place of this query. Name it in its places.`,
    );
  }
  return place;
}
