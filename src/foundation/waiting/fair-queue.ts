/** The caller whose turn is used, which may have several queries in the line. */
export interface QueueEntry {
  readonly caller: string;
}

/** Those who wait for one account. Callers take turns; a caller's own queries come in order of arrival. */
export interface FairQueue<S extends QueueEntry> {
  readonly size: number;
  /** Everyone, caller by caller, in the order of the callers' turns. */
  entries(): readonly S[];
  /**
   * The next one, or null if nobody waits.
   * @param isEligible false for callers who are passed over this time, and keep their turn
   */
  next(isEligible?: (caller: string) => boolean): S | null;
  /** Joins the caller's own queue; a caller who had none waiting gets its turn after all the others. */
  enqueue(entry: S): void;
  /** @param hadTurn true if this used its caller's turn: the caller's next turn comes after all the others' */
  remove(entry: S, options: { readonly hadTurn: boolean }): void;
  /**
   * Who must leave so that a caller gets a place in a full line: the last arrival of the caller with the most places.
   * Null if that caller would then have fewer than the new one.
   */
  evictionCandidate(options: { readonly insteadOf: string }): S | null;
}

/** A line in which nobody waits yet. */
export function createFairQueue<S extends QueueEntry>(): FairQueue<S> {
  /** In the order of turns: the first caller is next. */
  const byCaller = new Map<string, Set<S>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    entries: () => [...byCaller.values()].flatMap((own) => [...own]),
    next(isEligible = () => true) {
      for (const [caller, own] of byCaller) {
        if (isEligible(caller)) for (const first of own) return first;
      }
      return null;
    },
    enqueue(entry) {
      const own = byCaller.get(entry.caller) ?? new Set();
      byCaller.set(entry.caller, own.add(entry));
      size += 1;
    },
    remove(entry, { hadTurn }) {
      const own = byCaller.get(entry.caller);
      if (own === undefined || !own.delete(entry)) return;
      size -= 1;
      if (hadTurn || own.size === 0) byCaller.delete(entry.caller);
      if (own.size > 0) byCaller.set(entry.caller, own);
    },
    evictionCandidate({ insteadOf }) {
      let longest: ReadonlySet<S> = new Set();
      for (const own of byCaller.values()) if (own.size > longest.size) longest = own;
      const places = byCaller.get(insteadOf)?.size ?? 0;
      return longest.size > places + 1 ? ([...longest].at(-1) ?? null) : null;
    },
  };
}
