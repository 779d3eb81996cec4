/** Which round and square brackets belong together, by their indexes among some texts. */
export interface Brackets {
  /** The index of the bracket that closes the one at an index; undefined if none does. */
  readonly closings: ReadonlyMap<number, number>;
  /** For each text, the index of the bracket that it is in; -1 outside all. A bracket counts as outside itself. */
  readonly around: readonly number[];
  /** Whether each has its other half, of its own kind. Where one has not, whatever closes next ends it. */
  readonly areWhole: boolean;
  /** The most that are open at once. */
  readonly deepest: number;
}

const CLOSED_BY: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
]);
const CLOSING: ReadonlySet<string> = new Set(CLOSED_BY.values());

/** Takes time linear in the number of texts. */
export function matchBrackets(texts: readonly string[]): Brackets {
  const closings = new Map<number, number>();
  const around: number[] = [];
  const open: number[] = [];
  let areWhole = true;
  let deepest = 0;
  for (const [at, text] of texts.entries()) {
    if (CLOSING.has(text)) {
      const opening = open.pop();
      if (opening !== undefined) closings.set(opening, at);
      areWhole &&= opening !== undefined && CLOSED_BY.get(texts[opening] ?? '') === text;
    }
    around.push(open.at(-1) ?? -1);
    if (CLOSED_BY.has(text)) deepest = Math.max(deepest, open.push(at));
  }
  return { closings, around, areWhole: areWhole && open.length === 0, deepest };
}
