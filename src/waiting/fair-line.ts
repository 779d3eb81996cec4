/** The caller whose turn is used, which may have several queries in the line. */
export interface Standing {
  readonly caller: string;
}

/** Those who wait for one account. Callers take turns; a caller's own queries come in order of arrival. */
export interface FairLine<S extends Standing> {
  readonly size: number;
  /** Everyone, caller by caller, in the order of the callers' turns. */
  everyone(): readonly S[];
  /**
   * The next one, or null if nobody waits.
   * @param mayGo false for callers who are passed over this time, and keep their turn
   */
  head(mayGo?: (caller: string) => boolean): S | null;
  /** Joins the caller's own queue; a caller who had none waiting gets its turn after all the others. */
  join(one: S): void;
  /** @param hadTurn true if this used its caller's turn: the caller's next turn comes after all the others' */
  leave(one: S, options: { readonly hadTurn: boolean }): void;
  /**
   * Who must leave so that a caller gets a place in a full line: the last arrival of the caller with the most places.
   * Null if that caller would then have fewer than the new one.
   */
  lastOfLongest(options: { readonly insteadOf: string }): S | null;
}

export function createFairLine<S extends Standing>(): FairLine<S> {
  /** In the order of turns: the first caller is next. */
  const byCaller = new Map<string, Set<S>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    everyone: () => [...byCaller.values()].flatMap((own) => [...own]),
    head(mayGo = () => true) {
      for (const [caller, own] of byCaller) {
        if (mayGo(caller)) for (const first of own) return first;
      }
      return null;
    },
    join(one) {
      const own = byCaller.get(one.caller) ?? new Set();
      byCaller.set(one.caller, own.add(one));
      size += 1;
    },
    leave(one, { hadTurn }) {
      const own = byCaller.get(one.caller);
      if (own === undefined || !own.delete(one)) return;
      size -= 1;
      if (hadTurn || own.size === 0) byCaller.delete(one.caller);
      if (own.size > 0) byCaller.set(one.caller, own);
    },
    lastOfLongest({ insteadOf }) {
      let longest: ReadonlySet<S> = new Set();
      for (const own of byCaller.values()) if (own.size > longest.size) longest = own;
      const places = byCaller.get(insteadOf)?.size ?? 0;
      return longest.size > places + 1 ? ([...longest].at(-1) ?? null) : null;
    },
  };
}
