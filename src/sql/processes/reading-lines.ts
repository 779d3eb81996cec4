import { createFairLine } from '../../waiting/fair-line.ts';
import type { Member } from './reading-members.ts';

/** Where to read, or why nowhere. */
export type Turn = Member | 'none free' | 'throttled' | 'stops';

/** One query that waits for its turn. */
export interface Waiting {
  readonly caller: string;
  readonly characters: number;
  begin(turn: Turn): void;
}

/** Who waits to be read: callers take turns, and short SQL does not stand behind long. */
export interface ReadingLines {
  everyone(): readonly Waiting[];
  /** Who is next, or null where nobody waits who may go: short SQL alone, or long SQL first. */
  head(isForShort: boolean, mayGo: (caller: string) => boolean): Waiting | null;
  join(one: Waiting): void;
  /** @param hadTurn whether it is read now */
  leave(one: Waiting, options: { readonly hadTurn: boolean }): void;
}

/** So much is read in milliseconds, or some tens where it is made to hurt, and few people write more. */
const MOST_CHARACTERS_OF_SHORT = 8_192;

/** @param knowsShort whether some process is for short SQL alone; where none is, there is but one line */
export function createReadingLines(knowsShort: boolean): ReadingLines {
  const long = createFairLine<Waiting>();
  const short = createFairLine<Waiting>();
  const lineOf = ({ characters }: Waiting) =>
    knowsShort && characters > MOST_CHARACTERS_OF_SHORT ? long : short;
  return {
    everyone: () => [...long.everyone(), ...short.everyone()],
    head: (isForShort, mayGo) => (isForShort ? null : long.head(mayGo)) ?? short.head(mayGo),
    join: (one) => lineOf(one).join(one),
    leave: (one, options) => lineOf(one).leave(one, options),
  };
}
