/** A list cut into pieces of at most this many, in order. */
export function* inPieces<T>(items: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += most) yield items.slice(from, from + most);
}
