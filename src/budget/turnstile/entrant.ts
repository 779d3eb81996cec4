/** A limit of queries at once, and how many may wait for it. */
export interface Place {
  /** Which budget, and which of its accounts. */
  readonly account: string;
  /** The most that wait for this account in this process; with 0 nobody waits. */
  readonly limit: number;
}

/** The ledger's answer: the account that is full, or anything else, including another refusal. */
export type LedgerAnswer<T> = { readonly full: string } | { readonly full: null; readonly answer: T };

/**
 * Why a query stops waiting although the ledger has not let it through: too many wait, its time is up, its client hung
 * up, or the process stops.
 */
export type WaitEnd = 'line full' | 'too long' | 'gone' | 'closed';

/** How a query left the turnstile. */
export type PassOutcome<T> =
  | { readonly end: 'answered'; readonly answer: T }
  /** The account that it last waited for. It holds nothing in the ledger. */
  | { readonly end: WaitEnd; readonly account: string };

/** A query that needs a place in every one of its accounts. */
export interface PlaceRequest<T> {
  /** Each account once; empty if nothing limits the query. */
  readonly places: readonly Place[];
  /** Whose turns the query uses: the person's, or else the principal's. */
  readonly caller: string;
  /** The longest that it waits, over all its accounts together. */
  readonly waitMs: number;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
  /** Asks the ledger, which takes all places or none. Called until the query is answered, one call at a time. */
  readonly ask: () => Promise<LedgerAnswer<T>>;
}

/** A query in the turnstile. */
export interface Entrant {
  readonly places: readonly Place[];
  readonly caller: string;
  readonly signal: AbortSignal;
  /** The place that is full; null if the query was answered, or asking failed. */
  readonly ask: () => Promise<Place | null>;
  /** Calls back when its time is up, or its client is gone. Returns what stops that. */
  readonly limitWait: (onEnd: (end: WaitEnd) => void) => () => void;
  /** The query learns why it stops waiting. */
  readonly giveUp: (end: WaitEnd, account: string) => void;
  /** Accounts at which its turn has come, and that the ledger has not called full since. */
  readonly heard: Set<string>;
  /** The account in whose line it stands. */
  standsAt: string | null;
  isAsking: boolean;
  /** Set once its wait has ended, which it learns when it is not asking. */
  ended: WaitEnd | null;
  stopLimit: (() => void) | null;
}

/** @param onFailure called with whatever `ask` throws */
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
        const tried = await request.ask();
        if (tried.full !== null) return placeOf(places, tried.full);
        onOutcome({ end: 'answered', answer: tried.answer });
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
