/** A list in pieces of at most so many, in its order. */
export function* inPieces<T>(items: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += most) yield items.slice(from, from + most);
}
